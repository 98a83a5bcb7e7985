-- Business support: what is needed to file for a named worker of the same agency, as long as they run it there.
CREATE VIEW door_support WITH (security_invoker = true) AS
SELECT m.user_id, r.family_id, 1 AS level, 'supports' AS reason, NULL::bigint AS agency_id,
    least(m.until, w.until) AS until,
    no.people AS withheld, no.people AS withheld_beyond_basic, false AS though_restricted
FROM access_runs r
CROSS JOIN LATERAL access_refused(r.family_id, r.agency_id) n
CROSS JOIN LATERAL access_said_no(r.family_id, NULL) s
CROSS JOIN LATERAL (SELECT coalesce(n.people, '{}') || coalesce(s.people, '{}') AS people) no
JOIN access_works_for m ON m.role = 'business_support' AND m.supports_id = r.user_id AND m.agency_id = r.agency_id
JOIN access_works_for w ON w.user_id = r.user_id AND w.agency_id = r.agency_id AND w.may_lead
WHERE NOT EXISTS (SELECT 1 FROM access_barred b WHERE b.family_id = r.family_id AND b.user_id = r.user_id);
