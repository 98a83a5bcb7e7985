import django.contrib.postgres.fields
import django.db.models.deletion
import earlyhelp.core.clock
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('families', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Change',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('insert', 'Added'), ('update', 'Changed'), ('delete', 'Removed'), ('erase', 'History erased')], max_length=6)),
                ('table_name', models.CharField(max_length=63)),
                ('row_id', models.BigIntegerField()),
                ('at', models.DateTimeField()),
                ('user_id', models.BigIntegerField(null=True)),
                ('system', models.CharField(blank=True, help_text='Why it was done as the system, when it was.', max_length=200)),
                ('family_id', models.BigIntegerField()),
                ('family_before', models.BigIntegerField(help_text='When the row was moved to another family.', null=True)),
                ('level', models.SmallIntegerField(choices=[(0, 'none'), (1, 'basic'), (2, 'view'), (3, 'contribute'), (4, 'lead'), (5, 'manage')])),
                ('people', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), default=list, size=None)),
                ('readers', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), null=True, size=None)),
                ('agencies', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), default=list, size=None)),
                ('before', models.JSONField(null=True)),
                ('after', models.JSONField(null=True)),
            ],
            options={
                'db_table': 'access_history',
                'indexes': [models.Index(fields=['table_name', 'row_id', '-id'], name='history_of_row'), models.Index(fields=['family_id', '-id'], name='history_of_family')],
            },
        ),
        migrations.CreateModel(
            name='ReadLog',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('at', models.DateTimeField(default=earlyhelp.core.clock.true_now)),
                ('family_id', models.BigIntegerField(db_index=True, null=True)),
                ('reference', models.CharField(blank=True, max_length=20)),
                ('what', models.CharField(max_length=80)),
                ('row_id', models.BigIntegerField(null=True)),
                ('refused', models.BooleanField(default=False)),
                ('user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'db_table': 'access_read_log',
            },
        ),
        migrations.CreateModel(
            name='EndedAccess',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reference', models.CharField(db_index=True, max_length=20)),
                ('ended_at', models.DateTimeField()),
                ('family', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='families.family')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'db_table': 'access_ended',
                'constraints': [models.UniqueConstraint(fields=('user', 'family'), name='ended_access_once')],
            },
        ),
        migrations.CreateModel(
            name='Grant',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('level', models.SmallIntegerField(choices=[(0, 'none'), (1, 'basic'), (2, 'view'), (3, 'contribute'), (4, 'lead'), (5, 'manage')])),
                ('reason', models.CharField(max_length=40)),
                ('agency_id', models.BigIntegerField(null=True)),
                ('until', models.DateTimeField(null=True)),
                ('withheld', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), default=list, size=None)),
                ('withheld_beyond_basic', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), default=list, size=None)),
                ('family', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='families.family')),
                ('user', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'db_table': 'access_grant',
                'indexes': [models.Index(fields=['family'], name='grant_family')],
                'constraints': [models.UniqueConstraint(fields=('user', 'family', 'level', 'reason', 'agency_id', 'until', 'withheld', 'withheld_beyond_basic'), name='grant_once', nulls_distinct=False)],
            },
        ),
        migrations.CreateModel(
            name='GrantPeriod',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('level', models.SmallIntegerField(choices=[(0, 'none'), (1, 'basic'), (2, 'view'), (3, 'contribute'), (4, 'lead'), (5, 'manage')])),
                ('reason', models.CharField(max_length=40)),
                ('agency_id', models.BigIntegerField(null=True)),
                ('until', models.DateTimeField(null=True)),
                ('withheld', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), default=list, size=None)),
                ('withheld_beyond_basic', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), default=list, size=None)),
                ('opened_at', models.DateTimeField()),
                ('closed_at', models.DateTimeField(null=True)),
                ('family', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='families.family')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'db_table': 'access_grant_period',
                'indexes': [models.Index(fields=['family', 'opened_at'], name='grant_period_of_family')],
            },
        ),
    ]
