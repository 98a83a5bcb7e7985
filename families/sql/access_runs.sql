-- Who runs an open episode: the accepted lead, or until there is one whoever makes the first contact.
CREATE VIEW access_runs WITH (security_invoker = true) AS
SELECT l.family_id, l.episode_id, l.user_id, l.agency_id, true AS leads
FROM families_lead l WHERE l.status = 'accepted'
UNION ALL
SELECT e.family_id, e.id, e.first_contact_by_id, e.first_contact_agency_id, false
FROM families_episode e
WHERE e.ended_at IS NULL AND e.first_contact_by_id IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM families_lead l WHERE l.episode_id = e.id AND l.family_id = e.family_id AND l.status = 'accepted'
);
