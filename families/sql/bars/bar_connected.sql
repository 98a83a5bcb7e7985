-- Whoever knows the family privately.
CREATE VIEW bar_connected WITH (security_invoker = true) AS
SELECT family_id, user_id FROM families_connecteduser;
