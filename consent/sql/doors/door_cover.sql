-- Stands in for a colleague who is away: with the families that they run for the agency, as far as they may go themselves.
CREATE VIEW door_cover WITH (security_invoker = true) AS
SELECT m.user_id, r.family_id, CASE WHEN r.fully THEN 4 ELSE 1 END AS level, 'covers' AS reason, r.agency_id,
    least(m.until, w.until, c.until, r.until) AS until, r.withheld, r.withheld_beyond_basic, false AS though_restricted
FROM access_runs_so_far r
JOIN accounts_cover c ON c.covered_id = r.user_id AND c.agency_id = r.agency_id
JOIN access_works_for m ON m.user_id = c.user_id AND m.agency_id = r.agency_id AND m.may_lead
JOIN access_works_for w ON w.user_id = r.user_id AND w.agency_id = r.agency_id AND w.may_lead
WHERE NOT EXISTS (SELECT 1 FROM access_barred b WHERE b.family_id = r.family_id AND b.user_id = r.user_id);
