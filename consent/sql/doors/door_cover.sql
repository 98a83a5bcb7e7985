-- Stands in for a colleague who is away: with the families whose open episode they run for the agency, while they may go as
-- far as that themselves. Where they may not, their manager is there.
CREATE VIEW door_cover WITH (security_invoker = true) AS
SELECT m.user_id, r.family_id, 4 AS level, 'covers' AS reason, r.agency_id,
    least(m.until, w.until, c.until, r.until) AS until, r.withheld, r.withheld_beyond_basic, false AS though_restricted
FROM access_runs_with_agreement r
JOIN families_episode e ON e.id = r.episode_id AND e.ended_at IS NULL
JOIN accounts_cover c ON c.covered_id = r.user_id AND c.agency_id = r.agency_id
JOIN access_works_for m ON m.user_id = c.user_id AND m.agency_id = r.agency_id AND m.may_lead
JOIN access_works_for w ON w.user_id = r.user_id AND w.agency_id = r.agency_id AND w.may_lead
WHERE NOT EXISTS (SELECT 1 FROM access_barred b WHERE b.family_id = r.family_id AND b.user_id = r.user_id);
