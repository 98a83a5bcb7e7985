-- What some users may see, and what others see because of them: who manages a team's member, or supports a lead, sees
-- the family as long as they do.
CREATE FUNCTION access_refresh_users(ids bigint[]) RETURNS void
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    before text := coalesce(current_setting('earlyhelp.system', true), '');
    seats bigint[];
BEGIN
    PERFORM set_config('earlyhelp.system', 'refresh of grants', true);
    IF cardinality(ids) > 0 THEN
        PERFORM access_hold_all();
        seats := access_seats(ids);
        PERFORM access_refresh(NULL, ids);
        seats := ARRAY(SELECT unnest(seats) UNION SELECT unnest(access_seats(ids)));
        IF cardinality(seats) > 0 THEN
            PERFORM access_refresh(seats, NULL);
        END IF;
    END IF;
    PERFORM set_config('earlyhelp.system', before, true);
END $$;
