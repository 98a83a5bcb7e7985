CREATE FUNCTION access_refresh_families(ids bigint[]) RETURNS void
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    before text := coalesce(current_setting('earlyhelp.system', true), '');
BEGIN
    PERFORM set_config('earlyhelp.system', 'refresh of grants', true);
    IF cardinality(ids) > 0 THEN
        PERFORM access_hold_families(ids);
        PERFORM access_refresh(ids, NULL);
    END IF;
    PERFORM set_config('earlyhelp.system', before, true);
END $$;
