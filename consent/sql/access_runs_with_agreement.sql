-- Whether the agency that runs an episode may go on: nobody was asked yet, or the family agreed and shares with it.
-- Who was never asked is kept from other agencies, not from those who are to ask; who ever said no to this agency is
-- kept from it also before they are asked again. Of a family that was helped before: until it is asked again, what it
-- agreed then still counts, and an agency that it didn't share with reads nothing of the earlier record; nobody reads
-- there of someone whose last word was no, or who was never asked about this agency, before that person is asked.
CREATE VIEW access_runs_with_agreement WITH (security_invoker = true) AS
SELECT r.family_id, r.episode_id, r.user_id, r.agency_id, r.leads,
    CASE WHEN a.agreed IS NULL THEN least(b.until, k.until) ELSE least(a.until, k.until) END AS until,
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
    SELECT e.id FROM families_episode e WHERE e.family_id = r.family_id AND e.id <> r.episode_id
    ORDER BY e.ended_at DESC NULLS FIRST, e.id DESC LIMIT 1
) before ON true
CROSS JOIN LATERAL access_said(r.family_id, before.id) b
LEFT JOIN access_agency_knows k ON k.family_id = r.family_id AND k.agency_id = r.agency_id AND k.additional
    AND CASE WHEN a.agreed IS NULL THEN b.agreed ELSE a.agreed END
CROSS JOIN LATERAL access_refused(r.family_id, r.agency_id) n
WHERE (a.agreed AND k.family_id IS NOT NULL)
   OR (a.agreed IS NULL AND NOT r.leads AND (before.id IS NULL OR k.family_id IS NOT NULL));
