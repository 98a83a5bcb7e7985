-- Whether whoever asks may read a change: as its row was then, and as it is now. How the row is now, or was last, its
-- latest change tells, which they may not read by themselves; so the function reads as the system.
CREATE FUNCTION access_may_read_change(change bigint) RETURNS boolean LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    before text := coalesce(current_setting('earlyhelp.system', true), '');
    may boolean;
BEGIN
    PERFORM set_config('earlyhelp.system', 'who may read a change', true);
    SELECT bool_and(
        (c.readers IS NULL OR access_me() = ANY (c.readers))
        AND NOT EXISTS (
            SELECT 1
            FROM unnest(ARRAY[c.family_id, c.family_before]) family,
                unnest(CASE WHEN c.agencies = '{}' THEN ARRAY[NULL::bigint] ELSE c.agencies END) agency
            WHERE family IS NOT NULL AND NOT EXISTS (
                SELECT 1 FROM access_grant g
                WHERE g.user_id = access_me() AND g.family_id = family AND g.level >= c.level
                  AND (g.until IS NULL OR g.until > access_now())
                  AND (agency IS NULL OR g.agency_id = agency)
                  AND NOT c.people && CASE c.level WHEN 1 THEN g.withheld ELSE g.withheld_beyond_basic END
                  AND (c.level <> 2 OR g.reason <> 'lawful' OR c.people <> '{}')
            )
        )
    ) INTO may
    FROM access_history this
    JOIN access_history c ON c.table_name = this.table_name AND c.row_id = this.row_id
    WHERE this.id = change AND c.id IN (change, (
        SELECT max(l.id) FROM access_history l WHERE l.table_name = this.table_name AND l.row_id = this.row_id
    ));
    PERFORM set_config('earlyhelp.system', before, true);
    RETURN coalesce(may, false);
END $$;
