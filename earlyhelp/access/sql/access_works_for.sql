-- Who works where, while their account is open.
CREATE VIEW access_works_for WITH (security_invoker = true) AS
SELECT m.user_id, m.agency_id, m.role, m.locality_id, m.supports_id, m.ends_at AS until
FROM accounts_membership m JOIN accounts_user u ON u.id = m.user_id AND u.is_active;
