-- Whether a family is kept from whoever asks, whatever their work: restricted, or a bar names them. Its tables aren't
-- theirs to read, so the function reads them as the system, and puts the asker back.
CREATE FUNCTION access_kept_from(family bigint) RETURNS boolean LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    before text := coalesce(current_setting('earlyhelp.system', true), '');
    kept boolean;
BEGIN
    PERFORM set_config('earlyhelp.system', 'whether a family is kept from someone', true);
    kept := EXISTS (SELECT 1 FROM families_family f WHERE f.id = family AND f.restricted)
        OR EXISTS (SELECT 1 FROM access_barred b WHERE b.family_id = family AND b.user_id = access_me());
    PERFORM set_config('earlyhelp.system', before, true);
    RETURN kept;
END $$;
