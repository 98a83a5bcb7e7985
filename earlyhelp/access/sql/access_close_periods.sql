CREATE FUNCTION access_close_periods() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE access_grant_period p SET closed_at = access_now()
    FROM closed c
    WHERE p.closed_at IS NULL AND p.user_id = c.user_id AND p.family_id = c.family_id AND p.level = c.level
      AND p.reason = c.reason AND p.agency_id IS NOT DISTINCT FROM c.agency_id AND p.until IS NOT DISTINCT FROM c.until
      AND p.withheld = c.withheld AND p.withheld_beyond_basic = c.withheld_beyond_basic;
    RETURN NULL;
END $$;
