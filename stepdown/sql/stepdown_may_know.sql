-- How far a step-down opens a record: from the family's agreement on, as far as the people share with social care. What early
-- help knew before, of a support that is open, stays closed until the family, asked again, lets social care read it.
CREATE VIEW stepdown_may_know WITH (security_invoker = true) AS
SELECT s.worker_id, s.family_id, s.agency_id, least(a.until, k.until) AS until, k.withheld, k.withheld_beyond_basic
FROM stepdown_stepdown s
JOIN families_episode e ON e.id = s.episode_id AND e.family_id = s.family_id AND e.ended_at IS NULL
CROSS JOIN LATERAL access_said(s.family_id, e.id) a
JOIN access_agency_knows k ON k.family_id = s.family_id AND k.agency_id = s.agency_id AND k.additional
WHERE s.confirmed_at IS NOT NULL AND s.completed_at IS NULL AND s.stopped_at IS NULL AND NOT s.within AND a.agreed
  AND (e.from_social_care OR s.shared_at IS NOT NULL);
