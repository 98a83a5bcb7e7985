-- The ids in an array column of a row that is kept as JSON; null where the column is.
CREATE FUNCTION access_ids(held jsonb) RETURNS bigint[] LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN jsonb_typeof(held) = 'array' THEN ARRAY(SELECT jsonb_array_elements_text(held)::bigint) END;
