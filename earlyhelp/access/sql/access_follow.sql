-- Brings up to date what follows from some rows, by a function of their keys; where much is written at once (`in_bulk`), keeps
-- the keys, and all of it is done once at the end of the same transaction.
CREATE FUNCTION access_follow(function text, ids bigint[]) RETURNS void LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    IF current_setting('earlyhelp.in_bulk', true) = 'yes' THEN
        INSERT INTO access_in_bulk SELECT function, unnest(ids);
    ELSE
        EXECUTE format('SELECT %s($1)', function) USING ids;
    END IF;
END $$;
