"""Say of earlier requests who of the family each of their people became."""

from django.db import migrations

MATCH = """
SELECT set_config('earlyhelp.system', 'who of a family the people of its requests are', true);
UPDATE families_requestperson q SET person_id = (
    SELECT p.id FROM families_person p
    WHERE p.family_id = r.family_id AND lower(p.first_name) = lower(q.first_name)
      AND lower(p.last_name) = lower(q.last_name)
    ORDER BY coalesce(p.date_of_birth, p.due_date) = q.date_of_birth DESC NULLS LAST, p.id LIMIT 1
)
FROM families_request r WHERE r.id = q.request_id AND r.family_id IS NOT NULL AND q.person_id IS NULL;
"""


class Migration(migrations.Migration):
    dependencies = [("families", "0009_request_person")]

    operations = [migrations.RunSQL(MATCH, migrations.RunSQL.noop)]
