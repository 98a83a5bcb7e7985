-- When each grant was held. The moment is the one that the rule goes by, access_now().
CREATE FUNCTION access_open_periods() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO access_grant_period
        (user_id, family_id, level, reason, agency_id, until, withheld, withheld_beyond_basic, opened_at)
    SELECT user_id, family_id, level, reason, agency_id, until, withheld, withheld_beyond_basic, access_now()
    FROM opened;
    RETURN NULL;
END $$;

CREATE FUNCTION access_close_periods() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE access_grant_period p SET closed_at = access_now()
    FROM closed c
    WHERE p.closed_at IS NULL AND p.user_id = c.user_id AND p.family_id = c.family_id AND p.level = c.level
      AND p.reason = c.reason AND p.agency_id IS NOT DISTINCT FROM c.agency_id AND p.until IS NOT DISTINCT FROM c.until
      AND p.withheld = c.withheld AND p.withheld_beyond_basic = c.withheld_beyond_basic;
    RETURN NULL;
END $$;

CREATE TRIGGER open_periods AFTER INSERT ON access_grant REFERENCING NEW TABLE AS opened
FOR EACH STATEMENT EXECUTE FUNCTION access_open_periods();

CREATE TRIGGER close_periods AFTER DELETE ON access_grant REFERENCING OLD TABLE AS closed
FOR EACH STATEMENT EXECUTE FUNCTION access_close_periods();

INSERT INTO access_grant_period
    (user_id, family_id, level, reason, agency_id, until, withheld, withheld_beyond_basic, opened_at)
SELECT user_id, family_id, level, reason, agency_id, until, withheld, withheld_beyond_basic, access_now()
FROM access_grant;
