-- How each family stands, for everyone who may know of it. Deadlines of those who oversee the support aren't part of it.
CREATE VIEW caseload_entry_current WITH (security_invoker = true) AS
SELECT f.id AS family_id, f.reference, f.name, f.locality_id, coalesce(e.stage, 'ended') AS stage,
    array_position(ARRAY['first_contact', 'agreement', 'assessment', 'plan', 'ended'], coalesce(e.stage, 'ended')::text) - 1
        AS stage_order, e.started_at,
    r.user_id AS runner_id, u.name AS runner_name, r.agency_id, coalesce(r.leads, false) AS leads,
    coalesce(w.works, false) AS works, w.until AS works_until,
    a.agreed, a.until AS agreed_until,
    coalesce(t.kind, '') AS next_kind, t.due_at AS next_due_at,
    CASE WHEN t.first_due_at <> t.due_at THEN t.first_due_at END AS first_due_at
FROM families_family f
LEFT JOIN LATERAL (
    SELECT o.id, o.stage, o.started_at FROM families_episode o WHERE o.family_id = f.id
    ORDER BY o.ended_at DESC NULLS FIRST LIMIT 1
) e ON true
LEFT JOIN LATERAL (  -- LIMIT, that it is looked up for each family, and not first for all
    SELECT x.user_id, x.agency_id, x.leads FROM access_runs x WHERE x.family_id = f.id AND x.episode_id = e.id LIMIT 1
) r ON true
LEFT JOIN accounts_user u ON u.id = r.user_id
LEFT JOIN LATERAL (
    SELECT true AS works, nullif(max(coalesce(m.until, 'infinity')), 'infinity') AS until
    FROM access_works_for m
    WHERE m.user_id = r.user_id AND m.agency_id = r.agency_id AND CASE WHEN r.leads THEN m.may_lead ELSE m.may_join END
    HAVING count(*) > 0
) w ON true
LEFT JOIN LATERAL access_said(f.id, e.id) a ON true
LEFT JOIN LATERAL (
    SELECT c.kind, c.due_at, c.first_due_at FROM timescales_timescale c
    WHERE c.family_id = f.id AND NOT c.overseen AND c.met_at IS NULL AND c.stopped_at IS NULL
    ORDER BY c.due_at, c.id LIMIT 1
) t ON true
