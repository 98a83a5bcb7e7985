-- The families, of all, that have a word for each number: of pairs of a number and a word, with how well the word meets what was
-- asked. Whoever calls it shows of these what row security shows: as many as there are of them pass through it, and not each
-- that has one of the words.
CREATE FUNCTION families_called(numbers int[], words text[], scores real[])
RETURNS TABLE (family_id bigint, score real) LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    before text := coalesce(current_setting('earlyhelp.system', true), '');
BEGIN
    PERFORM set_config('earlyhelp.system', 'who has all of some names', true);
    RETURN QUERY
        SELECT best.family_id, min(best.score)
        FROM (
            SELECT k.family_id, w.number, max(w.score) AS score
            FROM unnest(numbers, words, scores) AS w (number, word, score)
            JOIN families_searchkey k ON k.kind = 'name' AND k.key = w.word
            GROUP BY k.family_id, w.number
        ) best
        GROUP BY best.family_id
        HAVING count(*) = (SELECT count(DISTINCT n) FROM unnest(numbers) n);
    PERFORM set_config('earlyhelp.system', before, true);
END $$
