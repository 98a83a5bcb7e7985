CREATE FUNCTION access_given_in_many(family_ids bigint[]) RETURNS access_current[]
LANGUAGE plpgsql VOLATILE SET plan_cache_mode = force_custom_plan SET enable_nestloop = off SET jit = off AS $$
BEGIN
    RETURN ARRAY(SELECT c FROM access_current c WHERE family_ids IS NULL OR c.family_id = ANY (family_ids));
END $$;
