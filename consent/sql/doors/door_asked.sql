-- Asked to lead or invited, and hasn't answered: that the family is known, once it was asked.
CREATE VIEW door_asked WITH (security_invoker = true) AS
SELECT q.user_id, q.family_id, 1 AS level, q.reason, q.agency_id, least(m.until, k.until) AS until,
    k.withheld, k.withheld_beyond_basic, true AS though_restricted
FROM (
    SELECT user_id, family_id, episode_id, agency_id, 'asked' AS reason, true AS leads
    FROM families_lead WHERE status = 'asked'
    UNION ALL
    SELECT user_id, family_id, episode_id, agency_id, 'invited', false FROM families_teammember WHERE status = 'invited'
) q
JOIN families_episode e ON e.id = q.episode_id AND e.family_id = q.family_id AND e.ended_at IS NULL
JOIN LATERAL access_said(q.family_id, e.id) a ON a.agreed IS NOT NULL
JOIN access_works_for m ON m.user_id = q.user_id AND m.agency_id = q.agency_id
    AND CASE WHEN q.leads THEN m.may_lead ELSE m.may_join END
JOIN access_agency_knows k ON k.family_id = q.family_id AND k.agency_id = q.agency_id;
