-- Manages the agency that runs it; or an agency with someone on the team, or the social worker who steps the family down:
-- what they have, at most view, as long as they have it.
CREATE VIEW door_manager WITH (security_invoker = true) AS
SELECT m.user_id, r.family_id, CASE WHEN NOT r.fully THEN 1 WHEN e.from_social_care AND NOT r.leads THEN 2 ELSE 5 END AS level,
    CASE WHEN e.from_social_care AND NOT r.leads THEN 'manages_team' ELSE 'manages_lead' END AS reason, r.agency_id,
    least(m.until, r.until) AS until, r.withheld, r.withheld_beyond_basic, false AS though_restricted
FROM access_runs_so_far r
JOIN access_works_for m ON m.agency_id = r.agency_id AND m.role = 'manager'
LEFT JOIN families_episode e ON e.family_id = r.family_id AND e.ended_at IS NULL
UNION ALL
SELECT m.user_id, t.family_id, least(t.level, 2), 'manages_team', t.agency_id,
    least(m.until, t.until, w.until),
    t.withheld, t.withheld_beyond_basic, false
FROM access_team_knows t
JOIN access_works_for m ON m.agency_id = t.agency_id AND m.role = 'manager'
JOIN access_works_for w ON w.user_id = t.user_id AND w.agency_id = t.agency_id AND w.may_join
WHERE NOT EXISTS (SELECT 1 FROM access_barred b WHERE b.family_id = t.family_id AND b.user_id = t.user_id);
