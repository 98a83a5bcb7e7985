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
