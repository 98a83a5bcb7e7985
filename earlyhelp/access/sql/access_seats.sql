-- The families that some users run, or are on the team of, as the grants have it now.
CREATE FUNCTION access_seats(ids bigint[]) RETURNS bigint[] LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT ARRAY(
        SELECT DISTINCT g.family_id FROM access_grant g
        WHERE g.user_id = ANY (ids) AND g.reason IN ('leads', 'first_contact', 'asks_again', 'team')
    );
END;
