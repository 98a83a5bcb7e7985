-- Who asks, and what time it is: settings of the transaction, set by earlyhelp.access.identity.
CREATE FUNCTION access_me() RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE
RETURN nullif(current_setting('earlyhelp.user', true), '')::bigint;

CREATE FUNCTION access_system() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE
RETURN coalesce(current_setting('earlyhelp.system', true), '') <> '';

CREATE FUNCTION access_now() RETURNS timestamptz LANGUAGE sql STABLE PARALLEL SAFE
RETURN coalesce(nullif(current_setting('earlyhelp.now', true), '')::timestamptz, now());
