-- Opened in an emergency: the record for a day; restricted families excepted.
CREATE VIEW door_emergency WITH (security_invoker = true) AS
SELECT x.user_id, x.family_id, 2 AS level, 'emergency' AS reason, NULL::bigint AS agency_id,
    least(x.ends_at, m.until) AS until, '{}'::bigint[] AS withheld, '{}'::bigint[] AS withheld_beyond_basic,
    false AS though_restricted
FROM consent_emergencyaccess x
JOIN access_works_for m ON m.user_id = x.user_id AND m.role IN ('manager', 'locality_officer', 'service_manager');
