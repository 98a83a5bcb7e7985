-- The early help service manager.
CREATE VIEW door_service WITH (security_invoker = true) AS
SELECT m.user_id, f.id AS family_id, 5 AS level, 'service' AS reason, NULL::bigint AS agency_id, m.until,
    '{}'::bigint[] AS withheld, '{}'::bigint[] AS withheld_beyond_basic, true AS though_restricted
FROM families_family f
JOIN access_works_for m ON m.role = 'service_manager';
