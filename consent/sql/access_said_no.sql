-- Whose last word was no, in whichever episode but one: known to nobody but whoever runs the support and is to hear them
-- again.
CREATE FUNCTION access_said_no(family bigint, but_in bigint)
RETURNS TABLE (people bigint[]) LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT array_agg(l.person_id ORDER BY l.person_id) FROM (
        SELECT DISTINCT ON (a.person_id) a.person_id, a.decision, a.episode_id FROM consent_agreement a
        WHERE a.family_id = family AND a.mistake_id IS NULL ORDER BY a.person_id, a.id DESC
    ) l WHERE l.decision <> 'given' AND l.episode_id IS DISTINCT FROM but_in;
END;
