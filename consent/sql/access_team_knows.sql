-- What a place on the team gives, once the family was asked: as far as it shares with its agency, and no further than
-- basic while it doesn't agree. Whether someone still works there is for the door to ask.
CREATE VIEW access_team_knows WITH (security_invoker = true) AS
SELECT t.user_id, t.family_id, t.agency_id, far.level, least(t.ends_at, k.until, far.until) AS until,
    k.withheld, k.withheld_beyond_basic
FROM families_teammember t
JOIN families_episode e ON e.id = t.episode_id AND e.family_id = t.family_id AND e.ended_at IS NULL
CROSS JOIN LATERAL access_said(t.family_id, e.id) a
JOIN access_agency_knows k ON k.family_id = t.family_id AND k.agency_id = t.agency_id
CROSS JOIN LATERAL (VALUES
    (1, a.agreed IS NOT NULL, NULL),
    (CASE t.role WHEN 'attendee' THEN 2 ELSE 3 END, a.agreed AND k.additional, a.until)
) far (level, given, until)
WHERE t.status = 'accepted' AND far.given;
