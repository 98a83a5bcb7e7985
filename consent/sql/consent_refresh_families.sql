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
    PERFORM access_hold_families(ids);

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
    PERFORM access_follow('access_refresh_families', ids);
    PERFORM set_config('earlyhelp.system', before, true);
END $$;
