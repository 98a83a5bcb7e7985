CREATE FUNCTION caseload_rebuild() RETURNS void LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    before text := coalesce(current_setting('earlyhelp.system', true), '');
BEGIN
    PERFORM set_config('earlyhelp.system', 'refresh of how families stand', true);
    PERFORM access_hold_all();
    PERFORM caseload_refresh_families(ARRAY(SELECT id FROM families_family));
    PERFORM set_config('earlyhelp.system', before, true);
END $$;
