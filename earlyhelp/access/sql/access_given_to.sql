CREATE FUNCTION access_given_to(user_ids bigint[]) RETURNS access_current[]
LANGUAGE plpgsql VOLATILE SET plan_cache_mode = force_generic_plan SET enable_nestloop = off SET jit = off AS $$
BEGIN
    RETURN ARRAY(SELECT c FROM access_current c WHERE c.user_id = ANY (user_ids));
END $$;
