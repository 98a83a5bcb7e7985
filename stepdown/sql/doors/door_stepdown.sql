-- The social worker who steps the family down, until that is complete; and their manager, at most view, as long as they have
-- it.
CREATE VIEW door_stepdown WITH (security_invoker = true) AS
SELECT m.user_id, s.family_id, 3 AS level, 'steps_down' AS reason, s.agency_id, least(m.until, s.until) AS until,
    s.withheld, s.withheld_beyond_basic, false AS though_restricted
FROM stepdown_may_know s
JOIN access_works_for m ON m.user_id = s.worker_id AND m.agency_id = s.agency_id AND m.role = 'social_worker'
UNION ALL
SELECT m.user_id, s.family_id, 2, 'manages_team', s.agency_id, least(m.until, w.until, s.until),
    s.withheld, s.withheld_beyond_basic, false
FROM stepdown_may_know s
JOIN access_works_for m ON m.agency_id = s.agency_id AND m.role = 'manager'
JOIN access_works_for w ON w.user_id = s.worker_id AND w.agency_id = s.agency_id AND w.role = 'social_worker'
WHERE NOT EXISTS (SELECT 1 FROM access_barred b WHERE b.family_id = s.family_id AND b.user_id = s.worker_id);
