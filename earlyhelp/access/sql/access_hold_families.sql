-- Holds families for this transaction, for whoever changes what the rule reads of them, or refreshes their grants: two at
-- once would each miss the other. Called as the system: one can't hold what one can't see.
CREATE FUNCTION access_hold_families(ids bigint[]) RETURNS void LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    PERFORM pg_advisory_xact_lock_shared(7433);
    PERFORM 1 FROM families_family WHERE id = ANY (ids) ORDER BY id FOR NO KEY UPDATE;
END $$;
