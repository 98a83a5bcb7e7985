-- How many rows of the table and of the view have no counterpart: 0 while grants equal their sources.
CREATE FUNCTION access_disagreements() RETURNS bigint
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    count_of bigint;
    before text := coalesce(current_setting('earlyhelp.system', true), '');
BEGIN
    PERFORM set_config('earlyhelp.system', 'check of grants', true);
    count_of := (SELECT count(*) FROM (
        (SELECT user_id, family_id, level, reason, agency_id, until, withheld, withheld_beyond_basic FROM access_grant
         EXCEPT ALL
         SELECT user_id, family_id, level, reason, agency_id, until, withheld, withheld_beyond_basic FROM access_current)
        UNION ALL
        (SELECT user_id, family_id, level, reason, agency_id, until, withheld, withheld_beyond_basic FROM access_current
         EXCEPT ALL
         SELECT user_id, family_id, level, reason, agency_id, until, withheld, withheld_beyond_basic FROM access_grant)
    ) AS difference);
    PERFORM set_config('earlyhelp.system', before, true);
    RETURN count_of;
END $$;
