-- Who may see which family, how far, why and until when: the one statement of the rule (design, section 3), on the views
-- of 0002_access.sql. New here: emergency access, named access by lawful sharing, people whom the family excludes, the
-- locality's help, what holds in a family opened again, and a person's own no beside another's yes.
-- Levels: 1 basic, 2 view, 3 contribute, 4 lead, 5 manage. The view never reads the clock.

-- What the rule asks of one family at a time. Functions that the planner puts in place, so that a refresh reads the rows of
-- its families alone: of a joined view with DISTINCT ON it would read every family's.

-- Where an episode's agreement stands: anyone's latest word counts as theirs alone. Null while nobody was asked.
CREATE FUNCTION access_said(family bigint, episode bigint)
RETURNS TABLE (agreed boolean, until timestamptz) LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT bool_or(l.decision = 'given'),
        nullif(max(coalesce(l.until, 'infinity')) FILTER (WHERE l.decision = 'given'), 'infinity')
    FROM (
        SELECT DISTINCT ON (a.person_id) a.decision, a.until FROM consent_agreement a
        WHERE a.family_id = family AND a.episode_id = episode ORDER BY a.person_id, a.id DESC
    ) l;
END;

-- Whose last word was no, in whichever episode but one: known to nobody but whoever runs the support and is to hear them
-- again.
CREATE FUNCTION access_said_no(family bigint, but_in bigint)
RETURNS TABLE (people bigint[]) LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT array_agg(l.person_id ORDER BY l.person_id) FROM (
        SELECT DISTINCT ON (a.person_id) a.person_id, a.decision, a.episode_id FROM consent_agreement a
        WHERE a.family_id = family ORDER BY a.person_id, a.id DESC
    ) l WHERE l.decision <> 'given' AND l.episode_id IS DISTINCT FROM but_in;
END;

-- Who told an agency no: kept from it even where it runs the family's support.
CREATE FUNCTION access_refused(family bigint, agency bigint)
RETURNS TABLE (people bigint[]) LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT array_agg(l.person_id ORDER BY l.person_id) FROM (
        SELECT DISTINCT ON (c.person_id) c.person_id, c.tier FROM consent_sharingchoice c
        WHERE c.family_id = family AND c.agency_id = agency ORDER BY c.person_id, c.id DESC
    ) l WHERE l.tier = 0;
END;

-- What an agency may know, flat: nothing about who said no, whatever their earlier choices say.
CREATE OR REPLACE VIEW access_agency_knows WITH (security_invoker = true) AS
SELECT k.content_object_id AS family_id, k.group_id AS agency_id, p.codename = 'additional' AS additional, k.until,
    CASE WHEN s.people IS NULL THEN k.withheld
         ELSE ARRAY(SELECT DISTINCT unnest(k.withheld || s.people) AS person ORDER BY person) END AS withheld,
    CASE WHEN s.people IS NULL THEN k.withheld_beyond_basic
         ELSE ARRAY(SELECT DISTINCT unnest(k.withheld_beyond_basic || s.people) AS person ORDER BY person)
    END AS withheld_beyond_basic,
    k.refused, k.refused_beyond_basic
FROM consent_agencypermission k
JOIN auth_permission p ON p.id = k.permission_id
CROSS JOIN LATERAL access_said_no(k.content_object_id, NULL) s;

-- Whether the agency that runs an episode may go on: nobody was asked yet, or the family agreed and shares with it.
-- Who was never asked is kept from other agencies, not from those who are to ask; who ever said no to this agency is
-- kept from it also before they are asked again. Of a family that was helped before: until it is asked again, what it
-- agreed then still counts, and an agency that it didn't share with reads nothing of the earlier record; nobody reads
-- there of someone whose last word was no, or who was never asked about this agency, before that person is asked.
CREATE OR REPLACE VIEW access_runs_with_agreement WITH (security_invoker = true) AS
SELECT r.family_id, r.episode_id, r.user_id, r.agency_id, r.leads,
    CASE WHEN a.agreed IS NULL THEN least(b.until, k.until) ELSE least(a.until, k.until) END AS until,
    coalesce(k.refused, n.people, '{}') AS withheld,
    CASE WHEN k.family_id IS NULL THEN coalesce(n.people, '{}')
         WHEN before.id IS NULL THEN k.refused_beyond_basic
         ELSE ARRAY(
             SELECT unnest(k.refused_beyond_basic) AS person
             UNION
             SELECT unnest(s.people) FROM access_said_no(r.family_id, r.episode_id) s
             UNION
             SELECT p.id FROM families_person p JOIN families_episode e ON e.id = r.episode_id
             WHERE p.family_id = r.family_id AND p.id = ANY (k.withheld_beyond_basic) AND p.created_at < e.created_at
             ORDER BY person
         )
    END AS withheld_beyond_basic
FROM access_runs r
CROSS JOIN LATERAL access_said(r.family_id, r.episode_id) a
LEFT JOIN LATERAL (
    SELECT e.id FROM families_episode e WHERE e.family_id = r.family_id AND e.id <> r.episode_id
    ORDER BY e.ended_at DESC NULLS FIRST, e.id DESC LIMIT 1
) before ON true
CROSS JOIN LATERAL access_said(r.family_id, before.id) b
LEFT JOIN access_agency_knows k ON k.family_id = r.family_id AND k.agency_id = r.agency_id AND k.additional
    AND CASE WHEN a.agreed IS NULL THEN b.agreed ELSE a.agreed END
CROSS JOIN LATERAL access_refused(r.family_id, r.agency_id) n
WHERE (a.agreed AND k.family_id IS NOT NULL)
   OR (a.agreed IS NULL AND NOT r.leads AND (before.id IS NULL OR k.family_id IS NOT NULL));

CREATE OR REPLACE VIEW access_current WITH (security_invoker = true) AS
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

DROP VIEW access_agreed, consent_refused;
