-- Leads, or makes the first contact; a locality officer only with a family that is new.
CREATE VIEW door_running WITH (security_invoker = true) AS
SELECT r.user_id, r.family_id, CASE WHEN r.fully THEN 4 ELSE 1 END AS level,
    CASE WHEN r.leads THEN 'leads' ELSE 'first_contact' END AS reason, r.agency_id, least(m.until, r.until) AS until,
    r.withheld, r.withheld_beyond_basic, true AS though_restricted
FROM access_runs_so_far r
JOIN access_works_for m ON m.user_id = r.user_id AND m.agency_id = r.agency_id AND (
    m.may_lead OR (m.may_join AND NOT r.leads AND NOT EXISTS (
        SELECT 1 FROM families_episode e WHERE e.family_id = r.family_id AND e.ended_at IS NOT NULL
    ))
);
