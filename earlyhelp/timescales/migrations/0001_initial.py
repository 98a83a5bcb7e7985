import django.contrib.postgres.fields
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
            name='TimescaleRule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=30, unique=True)),
                ('amount', models.PositiveSmallIntegerField()),
                ('unit', models.CharField(choices=[('hours', 'hours'), ('calendar_days', 'calendar days'), ('working_days', 'working days'), ('weeks', 'weeks')], max_length=20)),
                ('extendable', models.BooleanField(default=True)),
                ('hears', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=12), default=list, size=None)),
            ],
            options={
                'ordering': ['kind'],
            },
        ),
        migrations.CreateModel(
            name='Timescale',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reference', models.CharField(max_length=20)),
                ('key', models.CharField(max_length=80, unique=True)),
                ('kind', models.CharField(max_length=30)),
                ('overseen', models.BooleanField(default=False)),
                ('anchor', models.CharField(max_length=80)),
                ('anchor_at', models.DateTimeField()),
                ('amount', models.PositiveSmallIntegerField()),
                ('unit', models.CharField(max_length=20)),
                ('first_due_at', models.DateTimeField()),
                ('due_at', models.DateTimeField()),
                ('met_at', models.DateTimeField(null=True)),
                ('stopped_at', models.DateTimeField(null=True)),
                ('stopped_because', models.CharField(blank=True, max_length=80)),
                ('look_at', models.DateTimeField(null=True)),
                ('link', models.CharField(max_length=200)),
                ('family', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='timescales', to='families.family')),
                ('locality', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.locality')),
                ('not_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('owner', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('owner_agency', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.agency')),
            ],
            options={
                'ordering': ['due_at', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Extension',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(default=earlyhelp.core.clock.now, editable=False)),
                ('asked_at', models.DateTimeField()),
                ('reason', models.TextField(max_length=2000)),
                ('due_before', models.DateTimeField()),
                ('due_asked', models.DateTimeField()),
                ('status', models.CharField(choices=[('asked', 'Waiting for a manager'), ('approved', 'Approved'), ('declined', 'Declined')], default='asked', max_length=10)),
                ('decided_at', models.DateTimeField(null=True)),
                ('decision_reason', models.TextField(blank=True, max_length=2000)),
                ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('created_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('family', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='families.family')),
                ('timescale', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='extensions', to='timescales.timescale')),
            ],
            options={
                'ordering': ['-asked_at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='TimescaleEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('due_soon', 'Due soon'), ('overdue', 'Overdue'), ('manager', 'Told the owner’s manager'), ('locality', 'Told the locality officer'), ('service', 'Told the service manager')], max_length=12)),
                ('due_at', models.DateTimeField()),
                ('at', models.DateTimeField()),
                ('delivered_at', models.DateTimeField(db_index=True, null=True)),
                ('timescale', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='events', to='timescales.timescale')),
            ],
            options={
                'ordering': ['pk'],
            },
        ),
        migrations.AddIndex(
            model_name='timescale',
            index=models.Index(condition=models.Q(('look_at__isnull', False)), fields=['look_at'], name='timescale_to_look_at'),
        ),
        migrations.AddIndex(
            model_name='timescale',
            index=models.Index(fields=['owner', 'due_at'], name='timescale_of_owner'),
        ),
        migrations.AddConstraint(
            model_name='extension',
            constraint=models.UniqueConstraint(condition=models.Q(('status', 'asked')), fields=('timescale',), name='one_extension_waiting'),
        ),
        migrations.AddConstraint(
            model_name='extension',
            constraint=models.CheckConstraint(condition=models.Q(('status', 'asked'), models.Q(('decided_by__isnull', False), models.Q(('decided_by', models.F('asked_by')), _negated=True)), _connector='OR'), name='extension_decided_by_another'),
        ),
        migrations.AddConstraint(
            model_name='extension',
            constraint=models.CheckConstraint(condition=models.Q(('decision_reason', ''), ('status', 'declined'), _negated=True), name='extension_declined_why'),
        ),
        migrations.AddConstraint(
            model_name='timescaleevent',
            constraint=models.UniqueConstraint(fields=('timescale', 'kind', 'due_at'), name='timescale_event_once'),
        ),
    ]
