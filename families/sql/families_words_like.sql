-- Words of names that share enough with a word as it is spelt, hold it, or sound like it. How much is enough is said here: a
-- function can't set it before the extension was loaded.
CREATE FUNCTION families_words_like(asked text, sounding text[]) RETURNS SETOF text LANGUAGE sql VOLATILE AS $$
    SELECT set_limit(0.2);
    SELECT w.word FROM families_knownword w
    WHERE w.spelt % asked OR w.spelt LIKE '%' || asked || '%' OR w.sounds && sounding::varchar[]
$$
