-- Whether the system asks, for whichever reason.
CREATE FUNCTION access_system() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE
RETURN coalesce(current_setting('earlyhelp.system', true), '') <> '';
