-- The locality's officer, asked to help find a lead: view until that is done, unless the family said no, or was helped
-- before and isn't asked again yet; never of someone who said no.
CREATE VIEW door_locality_help WITH (security_invoker = true) AS
SELECT m.user_id, h.family_id, 2 AS level, 'locality_help' AS reason, NULL::bigint AS agency_id,
    least(m.until, a.until) AS until, coalesce(s.people, '{}') AS withheld,
    coalesce(s.people, '{}') AS withheld_beyond_basic, false AS though_restricted
FROM families_localityhelp h
JOIN families_episode e ON e.id = h.episode_id AND e.family_id = h.family_id AND e.ended_at IS NULL
JOIN access_works_for m ON m.role = 'locality_officer' AND m.locality_id = h.locality_id
CROSS JOIN LATERAL access_said(h.family_id, h.episode_id) a
CROSS JOIN LATERAL access_said_no(h.family_id, NULL) s
WHERE h.status = 'asked' AND coalesce(a.agreed, NOT EXISTS (
    SELECT 1 FROM families_episode o WHERE o.family_id = h.family_id AND o.id <> h.episode_id
));
