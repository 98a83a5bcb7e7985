-- On the team.
CREATE VIEW door_team WITH (security_invoker = true) AS
SELECT t.user_id, t.family_id, t.level, 'team' AS reason, t.agency_id, least(t.until, m.until) AS until,
    t.withheld, t.withheld_beyond_basic, true AS though_restricted
FROM access_team_knows t
JOIN access_works_for m ON m.user_id = t.user_id AND m.agency_id = t.agency_id AND m.may_join;
