-- What time it is: the movable clock of the demonstration and of tests, else the transaction's.
CREATE FUNCTION access_now() RETURNS timestamptz LANGUAGE sql STABLE PARALLEL SAFE
RETURN coalesce(nullif(current_setting('earlyhelp.now', true), '')::timestamptz, now());
