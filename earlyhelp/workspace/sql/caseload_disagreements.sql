-- How many families stand in lists otherwise than they do.
CREATE FUNCTION caseload_disagreements() RETURNS bigint LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    before text := coalesce(current_setting('earlyhelp.system', true), '');
    count_of bigint;
BEGIN
    PERFORM set_config('earlyhelp.system', 'check of how families stand', true);
    count_of := (
        SELECT count(*) FROM workspace_caseloadentry k
        FULL JOIN caseload_entry_current c ON c.family_id = k.family_id
        WHERE (k.family_id, k.reference, k.name, k.locality_id, k.stage, k.stage_order, k.started_at, k.runner_id, k.runner_name, k.agency_id, k.leads, k.works, k.works_until, k.agreed, k.agreed_until, k.next_kind, k.next_due_at, k.first_due_at)
            IS DISTINCT FROM
            (c.family_id, c.reference, c.name, c.locality_id, c.stage, c.stage_order, c.started_at, c.runner_id, c.runner_name, c.agency_id, c.leads, c.works, c.works_until, c.agreed, c.agreed_until, c.next_kind, c.next_due_at, c.first_due_at)
    ) + (
        SELECT count(*) FROM workspace_caseloaddetail k
        FULL JOIN caseload_detail_current c ON c.family_id = k.family_id
        WHERE (k.family_id, k.level_of_need, k.no_progress) IS DISTINCT FROM (c.family_id, c.level_of_need, c.no_progress)
    );
    PERFORM set_config('earlyhelp.system', before, true);
    RETURN count_of;
END $$;
