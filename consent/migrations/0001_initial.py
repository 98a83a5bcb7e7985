import django.contrib.postgres.fields
import django.db.models.deletion
import earlyhelp.core.clock
import families.models.documents
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '0001_initial'),
        ('auth', '0012_alter_user_first_name_max_length'),
        ('families', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Competence',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(default=earlyhelp.core.clock.now, editable=False)),
                ('competent', models.BooleanField()),
                ('reasons', models.TextField(max_length=4000)),
                ('judged_on', models.DateField()),
                ('created_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('family', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='families.family')),
                ('judged_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='competence', to='families.person')),
            ],
            options={
                'verbose_name_plural': 'judgements of competence',
                'ordering': ['-pk'],
            },
        ),
        migrations.CreateModel(
            name='Agreement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(default=earlyhelp.core.clock.now, editable=False)),
                ('decision', models.CharField(choices=[('given', 'Agreed'), ('refused', 'Did not agree'), ('withdrawn', 'Withdrew')], max_length=10)),
                ('how', models.CharField(choices=[('signed', 'Signed on paper'), ('drawn', 'Signed on screen'), ('typed', 'Typed their name'), ('verbal', 'Said so')], max_length=10)),
                ('decided_on', models.DateField()),
                ('witness', models.CharField(blank=True, max_length=150)),
                ('explained', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('held', 'What we write down, and why'), ('seen', 'Who can see it, and that they choose'), ('refuse', 'That they can say no, and what happens then'), ('withdraw', 'That they can change their mind at any time'), ('limits', 'When we must share all the same')], max_length=20), blank=True, db_default=[], default=list, size=None)),
                ('language', models.CharField(blank=True, db_default='', default='', max_length=80)),
                ('helped_by', models.CharField(blank=True, db_default='', default='', max_length=150)),
                ('wishes', models.TextField(blank=True, max_length=4000)),
                ('until', models.DateTimeField(blank=True, null=True)),
                ('created_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('episode', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='agreements', to='families.episode')),
                ('family', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='families.family')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='agreements', to='families.person')),
                ('scan', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='families.document')),
                ('competence', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='consent.competence')),
            ],
            options={
                'ordering': ['-pk'],
            },
        ),
        migrations.CreateModel(
            name='ExcludedPerson',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(default=earlyhelp.core.clock.now, editable=False)),
                ('name', models.CharField(max_length=150)),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('created_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('decided_by', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='families.person')),
                ('family', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='families.family')),
                ('user', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name_plural': 'excluded people',
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='LawfulSharing',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(default=earlyhelp.core.clock.now, editable=False)),
                ('reason', models.CharField(max_length=40)),
                ('explanation', models.TextField(max_length=4000)),
                ('basis', models.CharField(max_length=40)),
                ('what', models.TextField(max_length=4000)),
                ('about', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None)),
                ('with_whom', models.CharField(max_length=200)),
                ('decided_at', models.DateTimeField()),
                ('advice', models.TextField(max_length=4000)),
                ('told', models.BooleanField()),
                ('not_told_because', models.TextField(blank=True, max_length=2000)),
                ('access_until', models.DateTimeField(blank=True, null=True)),
                ('access_ended_at', models.DateTimeField(blank=True, null=True)),
                ('adviser', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('agency', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.agency')),
                ('created_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('family', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='families.family')),
                ('user', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name_plural': 'lawful sharing',
                'ordering': ['-decided_at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='Disclosure',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(default=earlyhelp.core.clock.now, editable=False)),
                ('at', models.DateTimeField()),
                ('how', models.CharField(choices=[('printed', 'Printed'), ('sent', 'Sent'), ('told', 'Told')], max_length=10)),
                ('what', models.CharField(max_length=300)),
                ('about', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), db_default=[], default=list, size=None)),
                ('to_whom', models.CharField(max_length=200)),
                ('basis', models.CharField(choices=[('family', 'Given to the family'), ('agreement', 'The family agreed'), ('lawful', 'Without agreement')], max_length=10)),
                ('agency', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.agency')),
                ('created_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('family', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='families.family')),
                ('lawful_sharing', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='disclosures', to='consent.lawfulsharing')),
            ],
            options={
                'ordering': ['-at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='SharingChoice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(default=earlyhelp.core.clock.now, editable=False)),
                ('tier', models.PositiveSmallIntegerField(choices=[(0, 'Nothing'), (1, 'Basic information'), (2, 'Basic and additional information')])),
                ('never', models.BooleanField(default=False)),
                ('decided_on', models.DateField(blank=True, null=True)),
                ('starts_at', models.DateTimeField()),
                ('ends_at', models.DateTimeField(blank=True, null=True)),
                ('review_on', models.DateField(blank=True, null=True)),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.agency')),
                ('created_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('decided_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='families.person')),
                ('family', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='families.family')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='sharing_choices', to='families.person')),
            ],
            options={
                'ordering': ['-pk'],
            },
        ),
        migrations.CreateModel(
            name='Wording',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField(default=0)),
                ('introduction', models.TextField(max_length=4000)),
                ('held', models.TextField(max_length=4000, verbose_name='what we hold')),
                ('shared', models.TextField(max_length=4000, verbose_name='what is shared, with whom and why')),
                ('basic', models.TextField(max_length=2000, verbose_name='basic information')),
                ('additional', models.TextField(max_length=2000, verbose_name='additional information')),
                ('refusing', models.TextField(max_length=2000, verbose_name='saying no')),
                ('withdrawing', models.TextField(max_length=2000, verbose_name='changing your mind')),
                ('limits', models.TextField(max_length=4000, verbose_name='when we share without agreement')),
                ('statements', models.TextField(max_length=4000, verbose_name='what people sign, a line each')),
                ('words', models.JSONField(null=True)),
                ('changed_at', models.DateTimeField(default=earlyhelp.core.clock.now)),
                ('published_at', models.DateTimeField(null=True)),
                ('created_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('published_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-pk'],
            },
        ),
        migrations.CreateModel(
            name='Signature',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(default=earlyhelp.core.clock.now, editable=False)),
                ('name', models.CharField(max_length=150)),
                ('image', models.FileField(blank=True, max_length=200, upload_to=families.models.documents.stored_name)),
                ('signed_at', models.DateTimeField()),
                ('agreement', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='signatures', to='consent.agreement')),
                ('created_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('family', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='families.family')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='families.person')),
                ('watched_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('wording', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='consent.wording')),
            ],
            options={
                'ordering': ['pk'],
            },
        ),
        migrations.AddField(
            model_name='agreement',
            name='wording',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='consent.wording'),
        ),
        migrations.CreateModel(
            name='AgencyPermission',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('until', models.DateTimeField(null=True)),
                ('withheld', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), default=list, size=None)),
                ('withheld_beyond_basic', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), default=list, size=None)),
                ('refused', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), default=list, size=None)),
                ('refused_beyond_basic', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), default=list, size=None)),
                ('content_object', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='agency_permissions', to='families.family')),
                ('group', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='auth.group')),
                ('permission', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='auth.permission')),
            ],
            options={
                'ordering': ['pk'],
                'constraints': [models.UniqueConstraint(fields=('content_object', 'group', 'permission', 'until'), name='agency_permission_once', nulls_distinct=False)],
            },
        ),
        migrations.CreateModel(
            name='EmergencyAccess',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(default=earlyhelp.core.clock.now, editable=False)),
                ('reason', models.TextField(max_length=2000)),
                ('starts_at', models.DateTimeField()),
                ('ends_at', models.DateTimeField()),
                ('reviewers', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), default=list, size=None)),
                ('finding', models.CharField(blank=True, choices=[('right', 'It was right to open the record'), ('wrong', 'The record should not have been opened')], max_length=10)),
                ('reviewed_at', models.DateTimeField(null=True)),
                ('review_note', models.TextField(blank=True, max_length=2000)),
                ('created_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('family', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='families.family')),
                ('reviewed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name_plural': 'emergency access',
                'ordering': ['-starts_at', '-pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('reviewed_by', models.F('user')), _negated=True), name='reviewed_by_someone_else')],
            },
        ),
        migrations.AddConstraint(
            model_name='lawfulsharing',
            constraint=models.CheckConstraint(condition=models.Q(('adviser', models.F('created_by')), _negated=True), name='advised_by_someone_else'),
        ),
        migrations.AddConstraint(
            model_name='lawfulsharing',
            constraint=models.CheckConstraint(condition=models.Q(('not_told_because', ''), ('told', False), _negated=True), name='not_told_with_a_reason'),
        ),
        migrations.AddConstraint(
            model_name='lawfulsharing',
            constraint=models.CheckConstraint(condition=models.Q(('access_until', None), ('user__isnull', False), _connector='OR'), name='access_is_for_someone_named'),
        ),
        migrations.AddIndex(
            model_name='sharingchoice',
            index=models.Index(fields=['family', 'person', 'agency', '-id'], name='sharing_latest'),
        ),
        migrations.AddConstraint(
            model_name='sharingchoice',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('never', True), _negated=True), ('tier', 0), _connector='OR'), name='never_means_nothing'),
        ),
        migrations.AddConstraint(
            model_name='wording',
            constraint=models.UniqueConstraint(fields=('published_at',), name='one_draft_wording', nulls_distinct=False),
        ),
        migrations.AddConstraint(
            model_name='agreement',
            constraint=models.CheckConstraint(condition=models.Q(('how', 'verbal'), ('witness', ''), _negated=True), name='verbal_agreement_has_witness'),
        ),
    ]
