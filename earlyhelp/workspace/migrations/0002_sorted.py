from django.conf import settings
from django.db import migrations, models

FILL = """
SELECT set_config('earlyhelp.system', 'lines in lists', true);
UPDATE workspace_caseloadentry k SET
    stage_order = array_position(ARRAY['first_contact', 'agreement', 'assessment', 'plan', 'ended'], k.stage::text) - 1,
    runner_name = (SELECT u.name FROM accounts_user u WHERE u.id = k.runner_id);
SELECT set_config('earlyhelp.system', '', true);
"""


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0007_places'),
        ('families', '0031_known_words'),
        ('workspace', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='caseloadentry',
            name='runner_name',
            field=models.CharField(help_text='To sort by.', max_length=150, null=True),
        ),
        migrations.AddField(
            model_name='caseloadentry',
            name='stage_order',
            field=models.SmallIntegerField(db_default=9, help_text='How far that is, from 0 for the first contact.'),
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.AddIndex(
            model_name='caseloaddetail',
            index=models.Index(fields=['level_of_need', 'family'], name='caseload_by_level'),
        ),
        migrations.AddIndex(
            model_name='caseloaddetail',
            index=models.Index(condition=models.Q(('no_progress', True)), fields=['family'], name='caseload_no_progress'),
        ),
        migrations.AddIndex(
            model_name='caseloadentry',
            index=models.Index(fields=['stage_order', 'family'], name='caseload_by_stage'),
        ),
        migrations.AddIndex(
            model_name='caseloadentry',
            index=models.Index(fields=['runner_name', 'family'], name='caseload_by_lead'),
        ),
        migrations.AddIndex(
            model_name='caseloadentry',
            index=models.Index(fields=['stage', 'next_due_at', 'family'], name='caseload_of_stage'),
        ),
        migrations.AddIndex(
            model_name='caseloadentry',
            index=models.Index(condition=models.Q(('stage', 'ended'), _negated=True), fields=['next_due_at', 'family'], name='caseload_open_by_due'),
        ),
        migrations.AddIndex(
            model_name='caseloadentry',
            index=models.Index(condition=models.Q(('stage', 'ended'), _negated=True), fields=['runner_name', 'family'], name='caseload_open_by_lead'),
        ),
        migrations.AddIndex(
            model_name='caseloadentry',
            index=models.Index(condition=models.Q(models.Q(('stage', 'ended'), _negated=True), models.Q(('works', False), ('works_until__isnull', False), ('leads', False), _connector='OR')), fields=['next_due_at', 'family'], name='caseload_leaderless'),
        ),
        migrations.AddIndex(
            model_name='caseloadentry',
            index=models.Index(condition=models.Q(models.Q(('stage', 'ended'), _negated=True), models.Q(('stage', 'first_contact'), _negated=True), models.Q(('agreed__isnull', True), ('agreed', False), ('agreed_until__isnull', False), _connector='OR')), fields=['next_due_at', 'family'], name='caseload_disagreed'),
        ),
    ]
