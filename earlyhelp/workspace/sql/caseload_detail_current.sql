-- What only those who lead, or oversee, may know of how a family stands: as they alone read its requests. What a young person
-- asked for themselves is nobody's to count.
CREATE VIEW caseload_detail_current WITH (security_invoker = true) AS
SELECT f.id AS family_id,
    coalesce((
        SELECT q.level_of_need FROM families_request q WHERE q.family_id = f.id AND q.level_of_need <> '' AND q.who_asks <> 'young_person'
        ORDER BY q.received_at DESC, q.id LIMIT 1
    ), '') AS level_of_need,
    coalesce((
        SELECT v.finding <> 'positive' FROM plans_review v
        JOIN plans_plan p ON p.id = v.plan_id
        JOIN families_episode e ON e.id = p.episode_id AND e.ended_at IS NULL
        WHERE v.family_id = f.id ORDER BY v.held_at DESC, v.id DESC LIMIT 1
    ), false) AS no_progress
FROM families_family f
