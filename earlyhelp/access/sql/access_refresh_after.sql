-- Triggers of a statement call this with a function, a key column and the columns that it watches, key included.
CREATE FUNCTION access_refresh_after() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    key text := TG_ARGV[1];
    watch text := TG_ARGV[2];
    rows text;
BEGIN
    IF TG_OP = 'INSERT' THEN
        rows := format('SELECT %s FROM changed_to', key);
    ELSIF TG_OP = 'DELETE' THEN
        rows := format('SELECT %s FROM changed_from', key);
    ELSE
        rows := format(
            'SELECT %1$s FROM (SELECT %2$s FROM changed_from EXCEPT SELECT %2$s FROM changed_to) a'
            ' UNION SELECT %1$s FROM (SELECT %2$s FROM changed_to EXCEPT SELECT %2$s FROM changed_from) b', key, watch);
    END IF;
    EXECUTE format('SELECT access_follow(%L, ARRAY(%s))', TG_ARGV[0], rows);
    RETURN NULL;
END $$;
