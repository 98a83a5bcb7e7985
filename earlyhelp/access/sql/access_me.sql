-- Who asks: a setting of the transaction, set by earlyhelp.access.identity.
CREATE FUNCTION access_me() RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE
RETURN nullif(current_setting('earlyhelp.user', true), '')::bigint;
