-- Keeps what happens to a row. Its arguments are what the model's security declares: the level that reads it, and the
-- columns of its family, of people that it is about (one a column), of an array of them, of its only readers, of its
-- only agency. It writes as the owner: the application can't.
CREATE FUNCTION access_keep_history() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    was jsonb := CASE WHEN TG_OP <> 'INSERT' THEN to_jsonb(OLD) END;
    became jsonb := CASE WHEN TG_OP <> 'DELETE' THEN to_jsonb(NEW) END;
    now_is jsonb := coalesce(became, was);
    person text;
    people bigint[] := '{}';
    readers bigint[];
    agencies bigint[] := '{}';
    before jsonb := was;
BEGIN
    IF was = became THEN
        RETURN NULL;
    END IF;
    FOREACH person IN ARRAY string_to_array(TG_ARGV[2], ',') LOOP
        people := people || ARRAY[(was ->> person)::bigint, (became ->> person)::bigint];
    END LOOP;
    people := people || access_ids(was -> TG_ARGV[3]) || access_ids(became -> TG_ARGV[3]);
    IF people <> '{}' THEN
        people := ARRAY(SELECT DISTINCT one FROM unnest(people) one WHERE one IS NOT NULL ORDER BY one);
    END IF;
    readers := coalesce(access_ids(was -> TG_ARGV[4]), access_ids(became -> TG_ARGV[4]));
    IF access_ids(became -> TG_ARGV[4]) IS NOT NULL THEN
        readers := ARRAY(SELECT unnest(readers) INTERSECT SELECT unnest(access_ids(became -> TG_ARGV[4])));
    END IF;
    IF TG_ARGV[5] <> '' THEN
        agencies := array_remove(ARRAY[(was ->> TG_ARGV[5])::bigint, (became ->> TG_ARGV[5])::bigint], NULL);
    END IF;
    IF TG_OP = 'UPDATE' THEN
        before := (SELECT jsonb_object_agg(key, value) FROM jsonb_each(was) WHERE value <> became -> key);
    END IF;
    INSERT INTO access_history (
        kind, table_name, row_id, at, user_id, system, family_id, family_before, level, people, readers, agencies,
        before, after
    ) VALUES (
        lower(TG_OP), TG_TABLE_NAME, (now_is ->> 'id')::bigint, access_now(), access_me(),
        left(coalesce(current_setting('earlyhelp.system', true), ''), 200), (now_is ->> TG_ARGV[1])::bigint,
        nullif((was ->> TG_ARGV[1])::bigint, (now_is ->> TG_ARGV[1])::bigint), TG_ARGV[0]::smallint, people, readers,
        agencies, before, became
    );
    RETURN NULL;
END $$;
