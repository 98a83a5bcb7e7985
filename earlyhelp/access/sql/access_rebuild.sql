CREATE FUNCTION access_rebuild() RETURNS void
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    before text := coalesce(current_setting('earlyhelp.system', true), '');
BEGIN
    PERFORM set_config('earlyhelp.system', 'refresh of grants', true);
    PERFORM access_hold_all();
    PERFORM access_refresh(NULL, NULL);
    PERFORM set_config('earlyhelp.system', before, true);
END $$;
