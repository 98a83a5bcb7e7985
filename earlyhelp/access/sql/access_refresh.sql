-- Grants follow what the rule gives, in the same transaction.
CREATE FUNCTION access_refresh(family_ids bigint[], user_ids bigint[]) RETURNS void
LANGUAGE plpgsql VOLATILE SET plan_cache_mode = force_custom_plan SET jit = off AS $$
DECLARE
    before text := coalesce(current_setting('earlyhelp.system', true), '');
    given access_current[];
    lost jsonb;
BEGIN
    PERFORM set_config('earlyhelp.system', 'refresh of grants', true);
    IF user_ids IS NOT NULL THEN
        given := access_given_to(user_ids);
    ELSIF cardinality(family_ids) <= 20 THEN
        given := access_given_in_few(family_ids);
    ELSE
        given := access_given_in_many(family_ids);
    END IF;

    WITH stale AS (
        SELECT user_id, family_id, level, reason, agency_id, until, withheld, withheld_beyond_basic
        FROM access_grant
        WHERE (family_ids IS NULL OR family_id = ANY (family_ids)) AND (user_ids IS NULL OR user_id = ANY (user_ids))
        EXCEPT
        SELECT user_id, family_id, level, reason, agency_id, until, withheld, withheld_beyond_basic FROM unnest(given)
    ), gone AS (
        DELETE FROM access_grant g USING stale s
        WHERE g.user_id = s.user_id AND g.family_id = s.family_id AND g.level = s.level AND g.reason = s.reason
          AND g.agency_id IS NOT DISTINCT FROM s.agency_id AND g.until IS NOT DISTINCT FROM s.until
          AND g.withheld = s.withheld AND g.withheld_beyond_basic = s.withheld_beyond_basic
        RETURNING g.user_id, g.family_id
    )
    SELECT jsonb_agg(DISTINCT jsonb_build_object('u', user_id, 'f', family_id)) INTO lost FROM gone;

    INSERT INTO access_grant (user_id, family_id, level, reason, agency_id, until, withheld, withheld_beyond_basic)
    SELECT user_id, family_id, level, reason, agency_id, until, withheld, withheld_beyond_basic FROM unnest(given)
    EXCEPT
    SELECT user_id, family_id, level, reason, agency_id, until, withheld, withheld_beyond_basic
    FROM access_grant
    WHERE (family_ids IS NULL OR family_id = ANY (family_ids)) AND (user_ids IS NULL OR user_id = ANY (user_ids));

    INSERT INTO access_ended (user_id, family_id, reference, ended_at)
    SELECT (pair ->> 'u')::bigint, f.id, f.reference, access_now()
    FROM jsonb_array_elements(lost) AS pair JOIN families_family f ON f.id = (pair ->> 'f')::bigint
    WHERE NOT EXISTS (
        SELECT 1 FROM access_grant g WHERE g.user_id = (pair ->> 'u')::bigint AND g.family_id = f.id
    )
    ON CONFLICT (user_id, family_id) DO UPDATE SET ended_at = excluded.ended_at;
    PERFORM set_config('earlyhelp.system', before, true);
END $$;
