-- The locality's officer: that the family is known.
CREATE VIEW door_locality WITH (security_invoker = true) AS
SELECT m.user_id, f.id AS family_id, 1 AS level, 'locality' AS reason, NULL::bigint AS agency_id, m.until,
    '{}'::bigint[] AS withheld, '{}'::bigint[] AS withheld_beyond_basic, false AS though_restricted
FROM families_family f
JOIN access_works_for m ON m.role = 'locality_officer' AND m.locality_id = f.locality_id;
