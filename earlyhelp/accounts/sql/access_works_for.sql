-- Who works where, while their account and the agency are open, and until the agency closes; and what of a family their role lets them be given: to
-- lead it, or a place on its team. Nothing else says which roles those are.
CREATE VIEW access_works_for WITH (security_invoker = true) AS
SELECT m.id, m.user_id, m.agency_id, m.role, m.locality_id, m.supports_id, m.hours_to_lead,
    least(m.ends_at, a.closes_at) AS until,
    m.role IN ('practitioner', 'manager', 'social_worker') AS may_lead,
    m.role IN ('practitioner', 'manager', 'social_worker', 'locality_officer') AS may_join
FROM accounts_membership m
JOIN accounts_user u ON u.id = m.user_id AND u.is_active
JOIN accounts_agency a ON a.group_ptr_id = m.agency_id AND a.is_open;
