-- Whom the family asked by name never to let see it.
CREATE VIEW bar_excluded WITH (security_invoker = true) AS
SELECT family_id, user_id FROM consent_excludedperson WHERE user_id IS NOT NULL AND ended_at IS NULL;
