-- Named in a decision to share without agreement: the record, about the people of that decision.
CREATE VIEW door_lawful WITH (security_invoker = true) AS
SELECT s.user_id, s.family_id, 2 AS level, 'lawful' AS reason, s.agency_id, least(s.access_until, m.until) AS until,
    o.people AS withheld, o.people AS withheld_beyond_basic, false AS though_restricted
FROM consent_lawfulsharing s
JOIN access_works_for m ON m.user_id = s.user_id AND m.agency_id = s.agency_id AND m.may_join
CROSS JOIN LATERAL (
    SELECT ARRAY(
        SELECT p.id FROM families_person p WHERE p.family_id = s.family_id AND p.id <> ALL (s.about) ORDER BY p.id
    ) AS people
) o
WHERE s.access_until IS NOT NULL AND s.access_ended_at IS NULL;
