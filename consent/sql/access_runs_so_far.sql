-- How far whoever runs an episode may go: `fully` while the family agrees and shares with their agency; basic come what
-- may, which is what handing over or closing needs, of all but those who told the agency no.
CREATE VIEW access_runs_so_far WITH (security_invoker = true) AS
SELECT family_id, user_id, agency_id, leads, true AS fully, until, withheld, withheld_beyond_basic
FROM access_runs_with_agreement
UNION ALL
SELECT r.family_id, r.user_id, r.agency_id, r.leads, false, NULL, coalesce(n.people, '{}'), coalesce(n.people, '{}')
FROM access_runs r
CROSS JOIN LATERAL access_refused(r.family_id, r.agency_id) n;
