-- Waits for everyone who holds families, and lets nobody hold one before this transaction ends.
CREATE FUNCTION access_hold_all() RETURNS void LANGUAGE sql VOLATILE
RETURN pg_advisory_xact_lock(7433);
