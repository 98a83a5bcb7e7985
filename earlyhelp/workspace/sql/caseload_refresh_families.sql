-- How families stand follows what they follow from, in the same transaction. A few are written by a plan that is made once
-- a session and goes through indexes; of many each plan is made for them.
CREATE FUNCTION caseload_refresh_families(ids bigint[]) RETURNS void
LANGUAGE plpgsql VOLATILE SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET jit = off AS $$
DECLARE
    before text := coalesce(current_setting('earlyhelp.system', true), '');
BEGIN
    IF coalesce(cardinality(ids), 0) = 0 THEN
        RETURN;
    END IF;
    PERFORM set_config('earlyhelp.system', 'refresh of how families stand', true);
    IF cardinality(ids) > 20 THEN
        PERFORM set_config('plan_cache_mode', 'force_custom_plan', true), set_config('enable_seqscan', 'on', true);
    END IF;
    PERFORM access_hold_families(ids);

    INSERT INTO workspace_caseloadentry AS k (
        family_id, reference, name, locality_id, stage, stage_order, started_at, runner_id, runner_name, agency_id, leads, works, works_until, agreed, agreed_until,
        next_kind, next_due_at, first_due_at
    )
    SELECT c.family_id, c.reference, c.name, c.locality_id, c.stage, c.stage_order, c.started_at, c.runner_id, c.runner_name, c.agency_id, c.leads,
        c.works, c.works_until, c.agreed, c.agreed_until, c.next_kind, c.next_due_at, c.first_due_at
    FROM caseload_entry_current c WHERE c.family_id = ANY (ids)
    ON CONFLICT (family_id) DO UPDATE SET
        reference = excluded.reference, name = excluded.name, locality_id = excluded.locality_id, stage = excluded.stage, stage_order = excluded.stage_order, started_at = excluded.started_at,
        runner_id = excluded.runner_id, runner_name = excluded.runner_name, agency_id = excluded.agency_id, leads = excluded.leads, works = excluded.works,
        works_until = excluded.works_until, agreed = excluded.agreed, agreed_until = excluded.agreed_until, next_kind = excluded.next_kind,
        next_due_at = excluded.next_due_at, first_due_at = excluded.first_due_at
    WHERE (k.*) IS DISTINCT FROM (excluded.*);

    INSERT INTO workspace_caseloaddetail AS k (family_id, level_of_need, no_progress)
    SELECT c.family_id, c.level_of_need, c.no_progress FROM caseload_detail_current c WHERE c.family_id = ANY (ids)
    ON CONFLICT (family_id) DO UPDATE SET level_of_need = excluded.level_of_need, no_progress = excluded.no_progress
    WHERE (k.*) IS DISTINCT FROM (excluded.*);
    PERFORM set_config('earlyhelp.system', before, true);
END $$;
