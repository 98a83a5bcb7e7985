-- Whether a family is kept from whoever asks, whatever their work: restricted, connected, or excluded by the family. Its
-- tables aren't theirs to read, so the function reads them as the system, and puts the asker back.
CREATE FUNCTION access_kept_from(family bigint) RETURNS boolean LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    before text := coalesce(current_setting('earlyhelp.system', true), '');
    kept boolean;
BEGIN
    PERFORM set_config('earlyhelp.system', 'whether a family is kept from someone', true);
    kept := EXISTS (SELECT 1 FROM families_family f WHERE f.id = family AND f.restricted)
        OR EXISTS (SELECT 1 FROM families_connecteduser c WHERE c.family_id = family AND c.user_id = access_me())
        OR EXISTS (
            SELECT 1 FROM consent_excludedperson x
            WHERE x.family_id = family AND x.user_id = access_me() AND x.ended_at IS NULL
        );
    PERFORM set_config('earlyhelp.system', before, true);
    RETURN kept;
END $$;
