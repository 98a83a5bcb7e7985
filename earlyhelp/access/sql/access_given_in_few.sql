-- What the rule gives now. Three functions, because one plan doesn't fit all: for a few families it goes through indexes,
-- whatever the planner believes of sizes; for users, or for many families, it does without nested loops, which took
-- minutes while statistics were out of date. Planning takes ten times as long as a small refresh, so that the first two
-- are planned once a session.
CREATE FUNCTION access_given_in_few(family_ids bigint[]) RETURNS access_current[]
LANGUAGE plpgsql VOLATILE SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET jit = off AS $$
BEGIN
    RETURN ARRAY(SELECT c FROM access_current c WHERE c.family_id = ANY (family_ids));
END $$;
