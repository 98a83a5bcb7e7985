CREATE VIEW access_current WITH (security_invoker = true) AS
SELECT DISTINCT g.user_id, g.family_id, g.level::smallint AS level, g.reason::varchar(40) AS reason, g.agency_id,
    g.until, g.withheld, g.withheld_beyond_basic
FROM (
    -- On the team, once the family was asked: as far as it shares with their agency; no further than basic while it
    -- doesn't agree.
    SELECT t.user_id, t.family_id, 1 AS level, 'on the team' AS reason, t.agency_id,
        least(t.ends_at, m.until, k.until) AS until, k.withheld, k.withheld_beyond_basic, true AS though_restricted
    FROM families_teammember t
    JOIN families_episode e ON e.id = t.episode_id AND e.family_id = t.family_id AND e.ended_at IS NULL
    JOIN LATERAL access_said(t.family_id, e.id) a ON a.agreed IS NOT NULL
    JOIN access_works_for m ON m.user_id = t.user_id AND m.agency_id = t.agency_id
    JOIN access_agency_knows k ON k.family_id = t.family_id AND k.agency_id = t.agency_id
    WHERE t.status = 'accepted'
    UNION ALL
    SELECT t.user_id, t.family_id, CASE WHEN t.role = 'attendee' THEN 2 ELSE 3 END, 'on the team', t.agency_id,
        least(t.ends_at, m.until, k.until, a.until), k.withheld, k.withheld_beyond_basic, true
    FROM families_teammember t
    JOIN families_episode e ON e.id = t.episode_id AND e.family_id = t.family_id AND e.ended_at IS NULL
    JOIN LATERAL access_said(t.family_id, e.id) a ON a.agreed
    JOIN access_works_for m ON m.user_id = t.user_id AND m.agency_id = t.agency_id
    JOIN access_agency_knows k ON k.family_id = t.family_id AND k.agency_id = t.agency_id AND k.additional
    WHERE t.status = 'accepted'
    UNION ALL
    -- Asked to lead or invited, and hasn't answered: that the family is known.
    SELECT q.user_id, q.family_id, 1, q.reason, q.agency_id, least(m.until, k.until),
        k.withheld, k.withheld_beyond_basic, true
    FROM (
        SELECT user_id, family_id, episode_id, agency_id, 'asked to lead' AS reason
        FROM families_lead WHERE status = 'asked'
        UNION ALL
        SELECT user_id, family_id, episode_id, agency_id, 'invited to the team'
        FROM families_teammember WHERE status = 'invited'
    ) q
    JOIN families_episode e ON e.id = q.episode_id AND e.family_id = q.family_id AND e.ended_at IS NULL
    JOIN LATERAL access_said(q.family_id, e.id) a ON a.agreed IS NOT NULL
    JOIN access_works_for m ON m.user_id = q.user_id AND m.agency_id = q.agency_id
    JOIN access_agency_knows k ON k.family_id = q.family_id AND k.agency_id = q.agency_id
    UNION ALL
    -- Leads, or makes the first contact: lead, while the family agrees and shares with their agency.
    SELECT r.user_id, r.family_id, 4, CASE WHEN r.leads THEN 'leads' ELSE 'first contact' END, r.agency_id,
        least(m.until, r.until), r.withheld, r.withheld_beyond_basic, true
    FROM access_runs_with_agreement r
    JOIN access_works_for m ON m.user_id = r.user_id AND m.agency_id = r.agency_id
    UNION ALL
    -- The same, come what may: what is needed to hand over or close.
    SELECT r.user_id, r.family_id, 1, CASE WHEN r.leads THEN 'leads' ELSE 'first contact' END, r.agency_id,
        m.until, coalesce(n.people, '{}'), coalesce(n.people, '{}'), true
    FROM access_runs r
    JOIN access_works_for m ON m.user_id = r.user_id AND m.agency_id = r.agency_id
    CROSS JOIN LATERAL access_refused(r.family_id, r.agency_id) n
    UNION ALL
    -- Makes the first contact with a family that was helped before: the request that they answer.
    SELECT r.user_id, r.family_id, 1, 'is to ask the family again', r.agency_id,
        m.until, coalesce(n.people, '{}'), coalesce(n.people, '{}'), true
    FROM access_runs r
    JOIN access_works_for m ON m.user_id = r.user_id AND m.agency_id = r.agency_id
    CROSS JOIN LATERAL access_said(r.family_id, r.episode_id) a
    CROSS JOIN LATERAL access_refused(r.family_id, r.agency_id) n
    WHERE a.agreed IS NULL AND NOT r.leads AND EXISTS (
        SELECT 1 FROM families_episode e WHERE e.family_id = r.family_id AND e.id <> r.episode_id
    )
    UNION ALL
    -- Manages the agency that runs it.
    SELECT m.user_id, r.family_id, 5, 'manages the lead’s agency', r.agency_id,
        least(m.until, r.until), r.withheld, r.withheld_beyond_basic, false
    FROM access_runs_with_agreement r
    JOIN access_works_for m ON m.agency_id = r.agency_id AND m.role = 'manager'
    UNION ALL
    SELECT m.user_id, r.family_id, 1, 'manages the lead’s agency', r.agency_id, m.until,
        coalesce(n.people, '{}'), coalesce(n.people, '{}'), false
    FROM access_runs r
    JOIN access_works_for m ON m.agency_id = r.agency_id AND m.role = 'manager'
    CROSS JOIN LATERAL access_refused(r.family_id, r.agency_id) n
    UNION ALL
    -- Manages an agency with someone on the team: what they have, at most view.
    SELECT m.user_id, t.family_id, 1, 'manages someone on the team', t.agency_id,
        least(t.ends_at, m.until, k.until), k.withheld, k.withheld_beyond_basic, false
    FROM families_teammember t
    JOIN families_episode e ON e.id = t.episode_id AND e.family_id = t.family_id AND e.ended_at IS NULL
    JOIN LATERAL access_said(t.family_id, e.id) a ON a.agreed IS NOT NULL
    JOIN access_works_for m ON m.agency_id = t.agency_id AND m.role = 'manager'
    JOIN access_agency_knows k ON k.family_id = t.family_id AND k.agency_id = t.agency_id
    WHERE t.status = 'accepted'
    UNION ALL
    SELECT m.user_id, t.family_id, 2, 'manages someone on the team', t.agency_id,
        least(t.ends_at, m.until, k.until, a.until), k.withheld, k.withheld_beyond_basic, false
    FROM families_teammember t
    JOIN families_episode e ON e.id = t.episode_id AND e.family_id = t.family_id AND e.ended_at IS NULL
    JOIN LATERAL access_said(t.family_id, e.id) a ON a.agreed
    JOIN access_works_for m ON m.agency_id = t.agency_id AND m.role = 'manager'
    JOIN access_agency_knows k ON k.family_id = t.family_id AND k.agency_id = t.agency_id AND k.additional
    WHERE t.status = 'accepted'
    UNION ALL
    -- The locality's officer: that the family is known.
    SELECT m.user_id, f.id, 1, 'locality officer', NULL, m.until, '{}', '{}', false
    FROM families_family f
    JOIN access_works_for m ON m.role = 'locality_officer' AND m.locality_id = f.locality_id
    UNION ALL
    -- The locality's officer, asked to help find a lead: view until that is done, unless the family said no, or was
    -- helped before and isn't asked again yet; never of someone who said no.
    SELECT m.user_id, h.family_id, 2, 'helps find a lead', NULL, least(m.until, a.until), coalesce(s.people, '{}'),
        coalesce(s.people, '{}'), false
    FROM families_localityhelp h
    JOIN families_episode e ON e.id = h.episode_id AND e.family_id = h.family_id AND e.ended_at IS NULL
    JOIN access_works_for m ON m.role = 'locality_officer' AND m.locality_id = h.locality_id
    CROSS JOIN LATERAL access_said(h.family_id, h.episode_id) a
    CROSS JOIN LATERAL access_said_no(h.family_id, NULL) s
    WHERE h.status = 'asked' AND coalesce(a.agreed, NOT EXISTS (
        SELECT 1 FROM families_episode o WHERE o.family_id = h.family_id AND o.id <> h.episode_id
    ))
    UNION ALL
    -- Business support: what is needed to file for a named worker.
    SELECT m.user_id, r.family_id, 1, 'supports the lead', NULL, m.until,
        coalesce(n.people, '{}') || coalesce(s.people, '{}'), coalesce(n.people, '{}') || coalesce(s.people, '{}'), false
    FROM access_runs r
    CROSS JOIN LATERAL access_refused(r.family_id, r.agency_id) n
    CROSS JOIN LATERAL access_said_no(r.family_id, NULL) s
    JOIN access_works_for m ON m.role = 'business_support' AND m.supports_id = r.user_id
    UNION ALL
    -- Opened in an emergency: the record for a day; restricted families excepted.
    SELECT x.user_id, x.family_id, 2, 'emergency access', NULL, least(x.ends_at, m.until), '{}', '{}', false
    FROM consent_emergencyaccess x
    JOIN access_works_for m ON m.user_id = x.user_id
      AND m.role IN ('manager', 'locality_officer', 'service_manager')
    UNION ALL
    -- Named in a decision to share without agreement: the record, about the people of that decision.
    SELECT s.user_id, s.family_id, 2, 'lawful sharing', s.agency_id, least(s.access_until, m.until), o.people, o.people,
        false
    FROM consent_lawfulsharing s
    JOIN access_works_for m ON m.user_id = s.user_id AND m.agency_id = s.agency_id
    CROSS JOIN LATERAL (
        SELECT ARRAY(
            SELECT p.id FROM families_person p
            WHERE p.family_id = s.family_id AND p.id <> ALL (s.about) ORDER BY p.id
        ) AS people
    ) o
    WHERE s.access_until IS NOT NULL AND s.access_ended_at IS NULL
    UNION ALL
    -- The early help service manager.
    SELECT m.user_id, f.id, 5, 'service manager', NULL, m.until, '{}', '{}', true
    FROM families_family f
    JOIN access_works_for m ON m.role = 'service_manager'
) g
JOIN families_family f ON f.id = g.family_id AND (g.though_restricted OR NOT f.restricted)
WHERE NOT EXISTS (
    SELECT 1 FROM families_connecteduser c WHERE c.family_id = g.family_id AND c.user_id = g.user_id
)
AND NOT EXISTS (
    SELECT 1 FROM consent_excludedperson c
    WHERE c.family_id = g.family_id AND c.user_id = g.user_id AND c.ended_at IS NULL
);
