-- Whether the agency that runs an episode may go on: the family agreed and shares with it; or nobody was asked yet, of a
-- family that was never helped before. What was recorded in an earlier episode stays closed until the family is asked
-- again, for whoever it is. Who was never asked is kept from other agencies, not from those who are to ask; who ever said
-- no to this agency is kept from it also before they are asked again. Once a family that was helped before agrees, nobody
-- reads there of someone whose last word was no, or who was never asked about this agency, before that person is asked.
CREATE VIEW access_runs_with_agreement WITH (security_invoker = true) AS
SELECT r.family_id, r.episode_id, r.user_id, r.agency_id, r.leads, least(a.until, k.until) AS until,
    coalesce(k.refused, n.people, '{}') AS withheld,
    CASE WHEN k.family_id IS NULL THEN coalesce(n.people, '{}')
         WHEN before.id IS NULL THEN k.refused_beyond_basic
         ELSE ARRAY(
             SELECT unnest(k.refused_beyond_basic) AS person
             UNION
             SELECT unnest(s.people) FROM access_said_no(r.family_id, r.episode_id) s
             UNION
             SELECT p.id FROM families_person p JOIN families_episode e ON e.id = r.episode_id
             WHERE p.family_id = r.family_id AND p.id = ANY (k.withheld_beyond_basic) AND p.created_at < e.created_at
             ORDER BY person
         )
    END AS withheld_beyond_basic
FROM access_runs r
CROSS JOIN LATERAL access_said(r.family_id, r.episode_id) a
LEFT JOIN LATERAL (
    SELECT e.id FROM families_episode e WHERE e.family_id = r.family_id AND e.id <> r.episode_id LIMIT 1
) before ON true
LEFT JOIN access_agency_knows k ON k.family_id = r.family_id AND k.agency_id = r.agency_id AND k.additional AND a.agreed
CROSS JOIN LATERAL access_refused(r.family_id, r.agency_id) n
WHERE (a.agreed AND k.family_id IS NOT NULL) OR (a.agreed IS NULL AND NOT r.leads AND before.id IS NULL);
