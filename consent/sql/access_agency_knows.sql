-- What an agency may know, flat: nothing about who said no, whatever their earlier choices say.
CREATE VIEW access_agency_knows WITH (security_invoker = true) AS
SELECT k.content_object_id AS family_id, k.group_id AS agency_id, p.codename = 'additional' AS additional, k.until,
    CASE WHEN s.people IS NULL THEN k.withheld
         ELSE ARRAY(SELECT DISTINCT unnest(k.withheld || s.people) AS person ORDER BY person) END AS withheld,
    CASE WHEN s.people IS NULL THEN k.withheld_beyond_basic
         ELSE ARRAY(SELECT DISTINCT unnest(k.withheld_beyond_basic || s.people) AS person ORDER BY person)
    END AS withheld_beyond_basic,
    k.refused, k.refused_beyond_basic
FROM consent_agencypermission k
JOIN auth_permission p ON p.id = k.permission_id
CROSS JOIN LATERAL access_said_no(k.content_object_id, NULL) s;
