-- The families that some users run stand otherwise once they work elsewhere, or not at all.
CREATE FUNCTION caseload_refresh_users(ids bigint[]) RETURNS void LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    before text := coalesce(current_setting('earlyhelp.system', true), '');
    theirs bigint[];
BEGIN
    PERFORM set_config('earlyhelp.system', 'refresh of how families stand', true);
    theirs := ARRAY(SELECT DISTINCT r.family_id FROM access_runs r WHERE r.user_id = ANY (ids));
    PERFORM caseload_refresh_families(theirs);
    PERFORM set_config('earlyhelp.system', before, true);
END $$;
