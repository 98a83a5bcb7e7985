-- When each grant was held. The moment is the one that the rule goes by, access_now().
CREATE FUNCTION access_open_periods() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO access_grant_period
        (user_id, family_id, level, reason, agency_id, until, withheld, withheld_beyond_basic, opened_at)
    SELECT user_id, family_id, level, reason, agency_id, until, withheld, withheld_beyond_basic, access_now()
    FROM opened;
    RETURN NULL;
END $$;
