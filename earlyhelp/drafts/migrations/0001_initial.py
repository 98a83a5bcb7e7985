import django.db.models.deletion
import django.db.models.functions.datetime
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
            name='Submission',
            fields=[
                ('token', models.UUIDField(primary_key=True, serialize=False)),
                ('url', models.CharField(max_length=200)),
                ('digest', models.CharField(max_length=64)),
                ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-at'],
            },
        ),
        migrations.CreateModel(
            name='Draft',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(max_length=60)),
                ('form', models.CharField(max_length=120)),
                ('window', models.UUIDField(default=uuid.UUID('00000000-0000-0000-0000-000000000000'))),
                ('title', models.CharField(max_length=120)),
                ('url', models.CharField(max_length=200)),
                ('data', models.JSONField(default=dict)),
                ('saves', models.PositiveIntegerField(default=1)),
                ('started_at', models.DateTimeField(default=earlyhelp.core.clock.true_now, editable=False)),
                ('saved_at', models.DateTimeField(auto_now=True)),
                ('family', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='families.family')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-saved_at'],
                'constraints': [models.UniqueConstraint(fields=('user', 'form', 'window'), name='one_draft_per_window')],
            },
        ),
    ]
