-- People who were added by mistake.
CREATE VIEW unseen_mistakes WITH (security_invoker = true) AS
SELECT family_id, row_id AS person_id FROM families_filedinerror WHERE table_name = 'families_person';
