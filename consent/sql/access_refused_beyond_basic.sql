-- Who told an agency no, or no more than basic information.
CREATE FUNCTION access_refused_beyond_basic(family bigint, agency bigint)
RETURNS TABLE (people bigint[]) LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT array_agg(l.person_id ORDER BY l.person_id) FROM (
        SELECT DISTINCT ON (c.person_id) c.person_id, c.tier FROM consent_sharingchoice c
        WHERE c.family_id = family AND c.agency_id = agency AND c.mistake_id IS NULL
        ORDER BY c.person_id, c.id DESC
    ) l WHERE l.tier < 2;
END;
