-- The locality's officer, who is to answer an assessment that was sent as a request (MID-10): view until it is answered,
-- unless the family said no; never of someone who said no.
CREATE VIEW door_request WITH (security_invoker = true) AS
SELECT m.user_id, r.family_id, 2 AS level, 'answers_request' AS reason, NULL::bigint AS agency_id,
    least(m.until, a.until) AS until, coalesce(s.people, '{}') AS withheld,
    coalesce(s.people, '{}') AS withheld_beyond_basic, false AS though_restricted
FROM families_request r
JOIN families_episode e ON e.id = r.episode_id AND e.family_id = r.family_id AND e.ended_at IS NULL
JOIN access_works_for m ON m.role = 'locality_officer' AND m.locality_id = r.locality_id
CROSS JOIN LATERAL access_said(r.family_id, r.episode_id) a
CROSS JOIN LATERAL access_said_no(r.family_id, NULL) s
WHERE r.outcome = 'waiting' AND r.submitted_at IS NOT NULL AND a.agreed;
