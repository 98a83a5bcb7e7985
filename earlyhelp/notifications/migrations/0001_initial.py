import django.db.models.deletion
import django.db.models.functions.datetime
import earlyhelp.core.clock
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Notification',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(max_length=60)),
                ('about', models.CharField(blank=True, help_text='The id of the family, request or deadline.', max_length=40)),
                ('reference', models.CharField(blank=True, max_length=20)),
                ('url', models.CharField(max_length=200)),
                ('key', models.CharField(max_length=160, unique=True)),
                ('created_at', models.DateTimeField(default=earlyhelp.core.clock.now)),
                ('read_at', models.DateTimeField(null=True)),
                ('emailed_at', models.DateTimeField(null=True)),
                ('email_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), default=earlyhelp.core.clock.now)),
                ('attempts', models.PositiveSmallIntegerField(db_default=0, default=0)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-created_at', 'pk'],
                'indexes': [models.Index(fields=['user', 'read_at', '-created_at'], name='notification_inbox'), models.Index(condition=models.Q(('emailed_at', None)), fields=['email_at'], name='notification_to_email')],
            },
        ),
    ]
