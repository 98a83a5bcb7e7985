-- Makes the first contact with a family that was helped before, or stands in for who does: the request that they answer.
CREATE VIEW door_asks_again WITH (security_invoker = true) AS
SELECT r.user_id, r.family_id, 1 AS level, 'asks_again' AS reason, r.agency_id, m.until,
    coalesce(n.people, '{}') AS withheld, coalesce(n.people, '{}') AS withheld_beyond_basic, true AS though_restricted
FROM access_runs r
JOIN access_works_for m ON m.user_id = r.user_id AND m.agency_id = r.agency_id AND m.may_lead
CROSS JOIN LATERAL access_said(r.family_id, r.episode_id) a
CROSS JOIN LATERAL access_refused(r.family_id, r.agency_id) n
WHERE a.agreed IS NULL AND NOT r.leads AND EXISTS (
    SELECT 1 FROM families_episode e WHERE e.family_id = r.family_id AND e.id <> r.episode_id
)
UNION ALL
SELECT m.user_id, r.family_id, 1, 'asks_again', r.agency_id, least(m.until, w.until, c.until),
    coalesce(n.people, '{}'), coalesce(n.people, '{}'), false
FROM access_runs r
JOIN accounts_cover c ON c.covered_id = r.user_id AND c.agency_id = r.agency_id
JOIN access_works_for m ON m.user_id = c.user_id AND m.agency_id = r.agency_id AND m.may_lead
JOIN access_works_for w ON w.user_id = r.user_id AND w.agency_id = r.agency_id AND w.may_lead
CROSS JOIN LATERAL access_said(r.family_id, r.episode_id) a
CROSS JOIN LATERAL access_refused(r.family_id, r.agency_id) n
WHERE a.agreed IS NULL AND NOT r.leads AND EXISTS (
    SELECT 1 FROM families_episode e WHERE e.family_id = r.family_id AND e.id <> r.episode_id
) AND NOT EXISTS (SELECT 1 FROM access_barred b WHERE b.family_id = r.family_id AND b.user_id = r.user_id);
