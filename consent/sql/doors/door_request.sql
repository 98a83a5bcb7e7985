-- The locality's officer, who is to answer an assessment that was sent as a request (MID-10): view until it is answered,
-- unless the family said no; never of someone who said no, nor further than they share with the officer's own agency.
CREATE VIEW door_request WITH (security_invoker = true) AS
SELECT m.user_id, r.family_id, 2 AS level, 'answers_request' AS reason, NULL::bigint AS agency_id,
    least(m.until, a.until) AS until,
    ARRAY(SELECT DISTINCT unnest(s.people || n.people) AS person ORDER BY person) AS withheld,
    ARRAY(SELECT DISTINCT unnest(s.people || b.people) AS person ORDER BY person) AS withheld_beyond_basic,
    false AS though_restricted
FROM families_request r
JOIN families_episode e ON e.id = r.episode_id AND e.family_id = r.family_id AND e.ended_at IS NULL
JOIN access_works_for m ON m.role = 'locality_officer' AND m.locality_id = r.locality_id
CROSS JOIN LATERAL access_said(r.family_id, r.episode_id) a
CROSS JOIN LATERAL access_said_no(r.family_id, NULL) s
CROSS JOIN LATERAL access_refused(r.family_id, m.agency_id) n
CROSS JOIN LATERAL access_refused_beyond_basic(r.family_id, m.agency_id) b
WHERE r.outcome = 'waiting' AND r.submitted_at IS NOT NULL AND a.agreed;
