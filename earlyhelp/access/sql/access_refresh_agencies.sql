CREATE FUNCTION access_refresh_agencies(ids bigint[]) RETURNS void LANGUAGE sql VOLATILE
BEGIN ATOMIC
    SELECT access_refresh_users(ARRAY(SELECT m.user_id FROM accounts_membership m WHERE m.agency_id = ANY (ids)));
END;
