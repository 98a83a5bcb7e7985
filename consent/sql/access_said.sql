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
        WHERE a.family_id = family AND a.episode_id = episode AND a.mistake_id IS NULL ORDER BY a.person_id, a.id DESC
    ) l;
END;
