-- From the family's word to what each agency may know. A row says what holds until its moment; a later moment's row
-- allows less, so that a choice that runs out needs no job. No row reads the clock.
CREATE VIEW consent_agency_current WITH (security_invoker = true) AS
WITH choice AS NOT MATERIALIZED (
    SELECT DISTINCT ON (family_id, person_id, agency_id)
        family_id, person_id, agency_id, tier, coalesce(ends_at, 'infinity') AS until
    FROM consent_sharingchoice ORDER BY family_id, person_id, agency_id, id DESC
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

-- Who told an agency no: kept from it even where it runs the family's support.
CREATE VIEW consent_refused WITH (security_invoker = true) AS
SELECT family_id, agency_id, array_agg(person_id ORDER BY person_id) AS people
FROM (
    SELECT DISTINCT ON (family_id, person_id, agency_id) family_id, person_id, agency_id, tier
    FROM consent_sharingchoice ORDER BY family_id, person_id, agency_id, id DESC
) latest
WHERE tier = 0
GROUP BY family_id, agency_id;

CREATE FUNCTION consent_refresh_families(ids bigint[]) RETURNS void
LANGUAGE plpgsql VOLATILE SET plan_cache_mode = force_custom_plan SET jit = off SET enable_nestloop = on AS $$
DECLARE
    before text := coalesce(current_setting('earlyhelp.system', true), '');
BEGIN
    IF coalesce(cardinality(ids), 0) = 0 THEN
        RETURN;
    END IF;
    PERFORM set_config('earlyhelp.system', 'refresh of agency permissions', true);
    IF cardinality(ids) > 20 THEN
        PERFORM set_config('enable_nestloop', 'off', true);
    END IF;
    PERFORM pg_advisory_xact_lock_shared(7433);
    PERFORM 1 FROM families_family WHERE id = ANY (ids) ORDER BY id FOR NO KEY UPDATE;

    DELETE FROM consent_agencypermission k USING (
        SELECT content_object_id, group_id, p.codename, until,
            withheld, withheld_beyond_basic, refused, refused_beyond_basic
        FROM consent_agencypermission JOIN auth_permission p ON p.id = permission_id
        WHERE content_object_id = ANY (ids)
        EXCEPT
        SELECT family_id, agency_id, CASE tier WHEN 2 THEN 'additional' ELSE 'basic' END,
            until, withheld, withheld_beyond_basic, refused, refused_beyond_basic
        FROM consent_agency_current WHERE family_id = ANY (ids)
    ) s, auth_permission p
    WHERE k.content_object_id = s.content_object_id AND k.group_id = s.group_id
      AND k.permission_id = p.id AND p.codename = s.codename AND k.until IS NOT DISTINCT FROM s.until;

    INSERT INTO consent_agencypermission
        (content_object_id, group_id, permission_id, until,
         withheld, withheld_beyond_basic, refused, refused_beyond_basic)
    SELECT c.family_id, c.agency_id, p.id, c.until,
        c.withheld, c.withheld_beyond_basic, c.refused, c.refused_beyond_basic
    FROM consent_agency_current c
    JOIN django_content_type t ON t.app_label = 'families' AND t.model = 'family'
    JOIN auth_permission p ON p.content_type_id = t.id
        AND p.codename = CASE c.tier WHEN 2 THEN 'additional' ELSE 'basic' END
    WHERE c.family_id = ANY (ids)
    ON CONFLICT DO NOTHING;
    PERFORM access_refresh(ids, NULL);
    PERFORM set_config('earlyhelp.system', before, true);
END $$;
