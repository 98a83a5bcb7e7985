CREATE FUNCTION access_refresh_users(ids bigint[]) RETURNS void
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    before text := coalesce(current_setting('earlyhelp.system', true), '');
BEGIN
    PERFORM set_config('earlyhelp.system', 'refresh of grants', true);
    IF cardinality(ids) > 0 THEN
        PERFORM access_hold_all();
        PERFORM access_refresh(NULL, ids);
    END IF;
    PERFORM set_config('earlyhelp.system', before, true);
END $$;
