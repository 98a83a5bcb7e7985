-- On the team.
CREATE VIEW door_team WITH (security_invoker = true) AS
SELECT t.user_id, t.family_id, t.level, 'team' AS reason, t.agency_id, least(t.until, m.until) AS until,
    t.withheld, t.withheld_beyond_basic, true AS though_restricted
FROM access_team_knows t
CROSS JOIN LATERAL (  -- by itself, so that a few rows of the team are looked up, not everybody's posts
    SELECT w.until FROM access_works_for w WHERE w.user_id = t.user_id AND w.agency_id = t.agency_id AND w.may_join OFFSET 0
) m;
