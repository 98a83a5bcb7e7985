-- Grants follow their sources (the view access_current) in the same transaction. The locks order two changes that
-- would each miss the other: a family's refreshes wait for each other, a user's for everything.
-- Plans are made for the ids at hand: one for every call would read all families to refresh one. For many families at
-- once, or all, nested loops are left out: while statistics are out of date they took minutes instead of a second.
CREATE FUNCTION access_refresh(family_ids bigint[], user_ids bigint[]) RETURNS void
LANGUAGE plpgsql VOLATILE SET plan_cache_mode = force_custom_plan SET jit = off SET enable_nestloop = on AS $$
DECLARE
    before text := coalesce(current_setting('earlyhelp.system', true), '');
    lost jsonb;
BEGIN
    IF coalesce(cardinality(family_ids), 1000) > 20 THEN
        PERFORM set_config('enable_nestloop', 'off', true);
    END IF;
    PERFORM set_config('earlyhelp.system', 'refresh of grants', true);
    WITH stale AS (
        SELECT user_id, family_id, level, reason, agency_id, until, withheld, withheld_beyond_basic
        FROM access_grant
        WHERE (family_ids IS NULL OR family_id = ANY (family_ids)) AND (user_ids IS NULL OR user_id = ANY (user_ids))
        EXCEPT
        SELECT user_id, family_id, level, reason, agency_id, until, withheld, withheld_beyond_basic
        FROM access_current
        WHERE (family_ids IS NULL OR family_id = ANY (family_ids)) AND (user_ids IS NULL OR user_id = ANY (user_ids))
    ), gone AS (
        DELETE FROM access_grant g USING stale s
        WHERE g.user_id = s.user_id AND g.family_id = s.family_id AND g.level = s.level AND g.reason = s.reason
          AND g.agency_id IS NOT DISTINCT FROM s.agency_id AND g.until IS NOT DISTINCT FROM s.until
          AND g.withheld = s.withheld AND g.withheld_beyond_basic = s.withheld_beyond_basic
        RETURNING g.user_id, g.family_id
    )
    SELECT jsonb_agg(DISTINCT jsonb_build_object('u', user_id, 'f', family_id)) INTO lost FROM gone;

    INSERT INTO access_grant (user_id, family_id, level, reason, agency_id, until, withheld, withheld_beyond_basic)
    SELECT user_id, family_id, level, reason, agency_id, until, withheld, withheld_beyond_basic
    FROM access_current
    WHERE (family_ids IS NULL OR family_id = ANY (family_ids)) AND (user_ids IS NULL OR user_id = ANY (user_ids))
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

CREATE FUNCTION access_refresh_families(ids bigint[]) RETURNS void
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    before text := coalesce(current_setting('earlyhelp.system', true), '');
BEGIN
    PERFORM set_config('earlyhelp.system', 'refresh of grants', true);
    IF cardinality(ids) > 0 THEN
        PERFORM pg_advisory_xact_lock_shared(7433);
        PERFORM 1 FROM families_family WHERE id = ANY (ids) ORDER BY id FOR NO KEY UPDATE;
        PERFORM access_refresh(ids, NULL);
    END IF;
    PERFORM set_config('earlyhelp.system', before, true);
END $$;

CREATE FUNCTION access_refresh_users(ids bigint[]) RETURNS void
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    before text := coalesce(current_setting('earlyhelp.system', true), '');
BEGIN
    PERFORM set_config('earlyhelp.system', 'refresh of grants', true);
    IF cardinality(ids) > 0 THEN
        PERFORM pg_advisory_xact_lock(7433);
        PERFORM access_refresh(NULL, ids);
    END IF;
    PERFORM set_config('earlyhelp.system', before, true);
END $$;

CREATE FUNCTION access_rebuild() RETURNS void
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    before text := coalesce(current_setting('earlyhelp.system', true), '');
BEGIN
    PERFORM set_config('earlyhelp.system', 'refresh of grants', true);
    PERFORM pg_advisory_xact_lock(7433);
    PERFORM access_refresh(NULL, NULL);
    PERFORM set_config('earlyhelp.system', before, true);
END $$;

-- How many rows of the table and of the view have no counterpart: 0 while grants equal their sources.
CREATE FUNCTION access_disagreements() RETURNS bigint
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    count_of bigint;
    before text := coalesce(current_setting('earlyhelp.system', true), '');
BEGIN
    PERFORM set_config('earlyhelp.system', 'check of grants', true);
    count_of := (SELECT count(*) FROM (
        (SELECT user_id, family_id, level, reason, agency_id, until, withheld, withheld_beyond_basic FROM access_grant
         EXCEPT ALL
         SELECT user_id, family_id, level, reason, agency_id, until, withheld, withheld_beyond_basic FROM access_current)
        UNION ALL
        (SELECT user_id, family_id, level, reason, agency_id, until, withheld, withheld_beyond_basic FROM access_current
         EXCEPT ALL
         SELECT user_id, family_id, level, reason, agency_id, until, withheld, withheld_beyond_basic FROM access_grant)
    ) AS difference);
    PERFORM set_config('earlyhelp.system', before, true);
    RETURN count_of;
END $$;
