-- From the family's word to what each agency may know. A row says what holds until its moment; a later moment's row
-- allows less, so that a choice that runs out needs no job. No row reads the clock.
CREATE VIEW consent_agency_current WITH (security_invoker = true) AS
WITH choice AS NOT MATERIALIZED (
    SELECT DISTINCT ON (family_id, person_id, agency_id)
        family_id, person_id, agency_id, tier, coalesce(ends_at, 'infinity') AS until
    FROM consent_sharingchoice WHERE mistake_id IS NULL ORDER BY family_id, person_id, agency_id, id DESC
), horizon AS NOT MATERIALIZED (
    SELECT DISTINCT family_id, agency_id, until FROM choice WHERE tier > 0
)
SELECT
    h.family_id, h.agency_id,
    (SELECT max(c.tier) FROM choice c
     WHERE c.family_id = h.family_id AND c.agency_id = h.agency_id AND c.until >= h.until) AS tier,
    nullif(h.until, 'infinity') AS until,
    ARRAY(
        SELECT p.id FROM families_person p WHERE p.family_id = h.family_id AND NOT EXISTS (
            SELECT 1 FROM choice c WHERE c.family_id = h.family_id AND c.person_id = p.id
              AND c.agency_id = h.agency_id AND c.tier >= 1 AND c.until >= h.until
        ) ORDER BY p.id
    ) AS withheld,
    ARRAY(
        SELECT p.id FROM families_person p WHERE p.family_id = h.family_id AND NOT EXISTS (
            SELECT 1 FROM choice c WHERE c.family_id = h.family_id AND c.person_id = p.id
              AND c.agency_id = h.agency_id AND c.tier >= 2 AND c.until >= h.until
        ) ORDER BY p.id
    ) AS withheld_beyond_basic,
    ARRAY(
        SELECT c.person_id FROM choice c WHERE c.family_id = h.family_id AND c.agency_id = h.agency_id
          AND (c.tier < 1 OR c.until < h.until) ORDER BY c.person_id
    ) AS refused,
    ARRAY(
        SELECT c.person_id FROM choice c WHERE c.family_id = h.family_id AND c.agency_id = h.agency_id
          AND (c.tier < 2 OR c.until < h.until) ORDER BY c.person_id
    ) AS refused_beyond_basic
FROM horizon h;
