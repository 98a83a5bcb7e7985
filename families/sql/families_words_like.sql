-- Words of names that share enough with a word as it is spelt, hold it, or sound like it.
CREATE FUNCTION families_words_like(asked text, sounding text[]) RETURNS SETOF text
LANGUAGE sql STABLE SET pg_trgm.similarity_threshold = 0.2 AS $$
    SELECT w.word FROM families_knownword w
    WHERE w.spelt % asked OR w.spelt LIKE '%' || asked || '%' OR w.sounds && sounding::varchar[]
$$
