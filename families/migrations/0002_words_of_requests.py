import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


WORDS = 'what_for, tried, asked_who, agreed_by, must_not_know'


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0002_hours_to_lead'),
        ('families', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='RequestWords',
            fields=[
                ('request', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='words', serialize=False, to='families.request')),
                ('what_for', models.TextField(max_length=4000)),
                ('tried', models.TextField(blank=True, max_length=4000)),
                ('asked_who', models.CharField(blank=True, max_length=200)),
                ('agreed_by', models.CharField(blank=True, max_length=200)),
                ('must_not_know', models.CharField(blank=True, help_text='Who must not be told of it, and why (ROT-21).', max_length=300)),
                ('new_because', models.TextField(blank=True, help_text='Why it opened a new family, in spite of who is like it.', max_length=2000)),
            ],
        ),
        migrations.AlterField(
            model_name='request',
            name='what_for',
            field=models.TextField(blank=True, default='', max_length=4000),
        ),
        migrations.RunSQL(
            f'INSERT INTO families_requestwords (request_id, new_because, {WORDS}) SELECT id, \'\', {WORDS} FROM families_request',
            f'UPDATE families_request r SET ({WORDS}) = (SELECT {WORDS} FROM families_requestwords w WHERE w.request_id = r.id)',
        ),
        migrations.RemoveConstraint(
            model_name='request',
            name='submitted_with_agreement',
        ),
        migrations.RemoveField(
            model_name='request',
            name='agreed_by',
        ),
        migrations.RemoveField(
            model_name='request',
            name='asked_who',
        ),
        migrations.RemoveField(
            model_name='request',
            name='must_not_know',
        ),
        migrations.RemoveField(
            model_name='request',
            name='tried',
        ),
        migrations.RemoveField(
            model_name='request',
            name='what_for',
        ),
        migrations.AddConstraint(
            model_name='request',
            constraint=models.CheckConstraint(condition=models.Q(('submitted_at', None), models.Q(('agreed_on__isnull', False), models.Q(('agreed_how', ''), _negated=True)), ('outcome', 'own_offer'), _connector='OR'), name='submitted_with_agreement'),
        ),
    ]
