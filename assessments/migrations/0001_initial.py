import django.db.models.deletion
import earlyhelp.core.clock
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '0001_initial'),
        ('families', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Assessment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(default=earlyhelp.core.clock.now, editable=False)),
                ('started_at', models.DateTimeField()),
                ('status', models.CharField(choices=[('open', 'In progress'), ('finalised', 'Finalised')], default='open', max_length=10)),
                ('finalised_at', models.DateTimeField(null=True)),
                ('created_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('episode', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='assessments', to='families.episode')),
                ('family', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='families.family')),
                ('finalised_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('started_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-started_at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='Section',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(default=earlyhelp.core.clock.now, editable=False)),
                ('version', models.PositiveIntegerField(default=0)),
                ('key', models.CharField(choices=[('why_now', 'Why now'), ('family_life', 'Family life and who is around them'), ('parenting', 'Looking after the children'), ('home_money_work', 'Home, money and work'), ('health', 'Health and wellbeing'), ('help_so_far', 'Help so far'), ('child', 'A child'), ('agency', 'What an agency knows'), ('analysis', 'What we make of it')], max_length=20)),
                ('worried', models.TextField(blank=True, max_length=5000)),
                ('working_well', models.TextField(blank=True, max_length=5000)),
                ('needs_to_happen', models.TextField(blank=True, max_length=5000)),
                ('scale', models.PositiveSmallIntegerField(help_text='From 0 to 10: no worries, safe enough to close.', null=True)),
                ('voice', models.TextField(blank=True, help_text='The child’s own words.', max_length=5000)),
                ('saved_at', models.DateTimeField(null=True)),
                ('agency', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.agency')),
                ('assessment', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='sections', to='assessments.assessment')),
                ('created_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('family', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='families.family')),
                ('person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='families.person')),
                ('saved_agency', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.agency')),
                ('saved_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['pk'],
            },
        ),
        migrations.AddConstraint(
            model_name='assessment',
            constraint=models.UniqueConstraint(condition=models.Q(('status', 'open')), fields=('episode',), name='one_open_assessment'),
        ),
        migrations.AddConstraint(
            model_name='assessment',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('finalised_at', None), ('finalised_by', None), ('status', 'open')), models.Q(('finalised_at__isnull', False), ('finalised_by__isnull', False), ('status', 'finalised')), _connector='OR'), name='assessment_finalised_by_someone'),
        ),
        migrations.AddConstraint(
            model_name='section',
            constraint=models.UniqueConstraint(fields=('assessment', 'key', 'person', 'agency'), name='section_once', nulls_distinct=False),
        ),
        migrations.AddConstraint(
            model_name='section',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(models.Q(('key', 'child'), ('person__isnull', False)), models.Q(models.Q(('key', 'child'), _negated=True), ('person', None), ('voice', '')), _connector='OR'), models.Q(models.Q(('agency__isnull', False), ('key', 'agency')), models.Q(models.Q(('key', 'agency'), _negated=True), ('agency', None)), _connector='OR')), name='section_of_whom'),
        ),
        migrations.AddConstraint(
            model_name='section',
            constraint=models.CheckConstraint(condition=models.Q(('scale', None), ('scale__lte', 10), _connector='OR'), name='section_scale'),
        ),
        migrations.AddConstraint(
            model_name='section',
            constraint=models.CheckConstraint(condition=models.Q(('version', 0), models.Q(('saved_at__isnull', False), ('saved_by__isnull', False)), _connector='OR'), name='section_saved_by'),
        ),
    ]
