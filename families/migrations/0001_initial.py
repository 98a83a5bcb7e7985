import django.contrib.postgres.fields
import django.db.models.deletion
import earlyhelp.core.clock
import families.models.documents
import families.references
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunSQL("CREATE SEQUENCE families_reference", "DROP SEQUENCE families_reference"),
        migrations.CreateModel(
            name='Episode',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(default=earlyhelp.core.clock.now, editable=False)),
                ('stage', models.CharField(choices=[('first_contact', 'First contact'), ('agreement', 'Agreement'), ('assessment', 'Assessment'), ('plan', 'Plan and reviews'), ('ended', 'Ended')], default='first_contact', max_length=20)),
                ('started_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('end_reason', models.CharField(blank=True, choices=[('met', 'Needs fully met'), ('single_agency', 'One agency will meet what is left'), ('universal', 'Universal services only'), ('not_agreed', 'The family did not agree, or withdrew'), ('step_up', 'Children’s social care has taken the lead'), ('other', 'Another reason')], max_length=20)),
                ('created_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('first_contact_agency', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.agency')),
                ('first_contact_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-started_at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='Runner',
            fields=[
                ('episode', models.OneToOneField(on_delete=django.db.models.deletion.DO_NOTHING, primary_key=True, related_name='runner', serialize=False, to='families.episode')),
                ('leads', models.BooleanField()),
            ],
            options={
                'db_table': 'access_runs',
                'ordering': ['-leads', 'pk'],
                'managed': False,
            },
        ),
        migrations.CreateModel(
            name='Family',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reference', models.CharField(default=families.references.new_reference, editable=False, max_length=20, unique=True)),
                ('name', models.CharField(help_text='The name that the family goes by, such as “Okafor”.', max_length=150)),
                ('restricted', models.BooleanField(default=False)),
                ('created_at', models.DateTimeField(default=earlyhelp.core.clock.now, editable=False)),
                ('locality', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.locality')),
            ],
            options={
                'verbose_name_plural': 'families',
                'ordering': ['name', 'pk'],
                'permissions': [('basic', 'May know basic information'), ('additional', 'May know additional information')],
            },
        ),
        migrations.AddField(
            model_name='episode',
            name='family',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='families.family'),
        ),
        migrations.CreateModel(
            name='Document',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(default=earlyhelp.core.clock.now, editable=False)),
                ('kind', models.CharField(choices=[('agreement', 'Signed agreement'), ('other', 'Other document')], max_length=12)),
                ('title', models.CharField(max_length=150)),
                ('file', models.FileField(max_length=200, upload_to=families.models.documents.stored_name)),
                ('content_type', models.CharField(max_length=60)),
                ('size', models.PositiveIntegerField()),
                ('signed_on', models.DateField(blank=True, null=True)),
                ('checked', models.CharField(choices=[('no', 'Not checked for viruses'), ('clean', 'Checked for viruses'), ('infected', 'A virus was found')], db_default='no', default='no', max_length=10)),
                ('created_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('episode', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='documents', to='families.episode')),
                ('uploaded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('family', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='families.family')),
            ],
            options={
                'ordering': ['-created_at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='ContactAttempt',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(default=earlyhelp.core.clock.now, editable=False)),
                ('at', models.DateTimeField()),
                ('how', models.CharField(choices=[('call', 'Phone call'), ('visit', 'Visit'), ('message', 'Text, e-mail or letter'), ('met', 'Met elsewhere')], max_length=10)),
                ('reached', models.BooleanField()),
                ('note', models.TextField(blank=True, max_length=4000)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('created_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('episode', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='contact_attempts', to='families.episode')),
                ('family', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='families.family')),
            ],
            options={
                'ordering': ['-at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='ConnectedUser',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(default=earlyhelp.core.clock.now, editable=False)),
                ('created_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('family', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='families.family')),
            ],
            options={
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='FiledInError',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(default=earlyhelp.core.clock.now, editable=False)),
                ('table_name', models.CharField(max_length=63)),
                ('row_id', models.BigIntegerField()),
                ('what', models.CharField(max_length=150)),
                ('filed_at', models.DateTimeField()),
                ('reason', models.TextField(max_length=1000)),
                ('about', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), db_default=[], default=list, size=None)),
                ('readers', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), null=True, size=None)),
                ('created_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('family', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='families.family')),
                ('filed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('reader_agency', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.agency')),
            ],
            options={
                'ordering': ['-created_at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='Lead',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(default=earlyhelp.core.clock.now, editable=False)),
                ('status', models.CharField(choices=[('asked', 'Asked'), ('accepted', 'Leads'), ('declined', 'Declined'), ('ended', 'Led before')], default='asked', max_length=10)),
                ('family_wish', models.TextField(blank=True, max_length=1000)),
                ('asked_at', models.DateTimeField()),
                ('answered_at', models.DateTimeField(null=True)),
                ('reason', models.TextField(blank=True, max_length=2000)),
                ('ended_at', models.DateTimeField(null=True)),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.agency')),
                ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('created_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('episode', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='leads', to='families.episode')),
                ('family', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='families.family')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-asked_at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='LocalityHelp',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(default=earlyhelp.core.clock.now, editable=False)),
                ('status', models.CharField(choices=[('asked', 'Asked'), ('done', 'Done')], default='asked', max_length=10)),
                ('reason', models.TextField(max_length=2000)),
                ('asked_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(null=True)),
                ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('created_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('ended_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('episode', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='families.episode')),
                ('family', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='families.family')),
                ('locality', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.locality')),
            ],
            options={
                'verbose_name_plural': 'locality help',
                'ordering': ['asked_at', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Note',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(default=earlyhelp.core.clock.now, editable=False)),
                ('kind', models.CharField(choices=[('call', 'Phone call'), ('visit', 'Visit'), ('message', 'Message or letter'), ('discussion', 'Discussion'), ('supervision', 'Supervision'), ('feedback', 'Feedback about who leads')], max_length=12)),
                ('at', models.DateTimeField()),
                ('with_whom', models.CharField(max_length=200)),
                ('about', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), blank=True, default=list, size=None)),
                ('text', models.TextField(max_length=10000)),
                ('readers', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), blank=True, null=True, size=None)),
                ('kept_from', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), blank=True, db_default=[], default=list, size=None)),
                ('author', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('author_agency', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.agency')),
                ('created_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('episode', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='notes', to='families.episode')),
                ('family', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='families.family')),
                ('reader_agency', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.agency')),
            ],
            options={
                'ordering': ['-at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='Person',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(default=earlyhelp.core.clock.now, editable=False)),
                ('version', models.PositiveIntegerField(default=0)),
                ('kind', models.CharField(choices=[('child', 'Child or young person'), ('adult', 'Adult'), ('unborn', 'Unborn child')], max_length=10)),
                ('first_name', models.CharField(blank=True, max_length=100)),
                ('last_name', models.CharField(blank=True, max_length=100)),
                ('known_as', models.CharField(blank=True, max_length=100)),
                ('other_names', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=150), blank=True, default=list, size=None)),
                ('date_of_birth', models.DateField(blank=True, null=True)),
                ('born', models.CharField(choices=[('exact', 'Known'), ('month', 'Month and year known'), ('year', 'Year known or estimated'), ('unknown', 'Not known')], default='exact', max_length=10)),
                ('due_date', models.DateField(blank=True, null=True)),
                ('gender', models.CharField(blank=True, max_length=40)),
                ('home', models.CharField(choices=[('here', 'Lives with the family'), ('sometimes', 'Lives here some of the time'), ('elsewhere', 'Lives elsewhere')], default='here', max_length=10)),
                ('created_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('family', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='families.family')),
            ],
            options={
                'verbose_name_plural': 'people',
                'ordering': ['family', 'date_of_birth', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='ContactDetail',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(default=earlyhelp.core.clock.now, editable=False)),
                ('kind', models.CharField(choices=[('phone', 'Phone'), ('email', 'E-mail'), ('other', 'Other')], max_length=10)),
                ('value', models.CharField(max_length=254)),
                ('safe_times', models.CharField(blank=True, max_length=200)),
                ('voicemail', models.BooleanField(null=True)),
                ('text', models.BooleanField(null=True)),
                ('who_may_answer', models.CharField(blank=True, max_length=200)),
                ('must_not_know', models.CharField(blank=True, max_length=200)),
                ('created_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('family', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='families.family')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='contact_details', to='families.person')),
            ],
            options={
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='Address',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(default=earlyhelp.core.clock.now, editable=False)),
                ('version', models.PositiveIntegerField(default=0)),
                ('lines', models.TextField(max_length=400)),
                ('postcode', models.CharField(blank=True, max_length=10)),
                ('do_not_disclose', models.BooleanField(default=False)),
                ('created_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('family', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='families.family')),
                ('person', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='addresses', to='families.person')),
            ],
            options={
                'verbose_name_plural': 'addresses',
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='PersonDetails',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(default=earlyhelp.core.clock.now, editable=False)),
                ('version', models.PositiveIntegerField(default=0)),
                ('language', models.CharField(blank=True, max_length=80)),
                ('interpreter', models.BooleanField(default=False)),
                ('access_needs', models.TextField(blank=True, max_length=2000)),
                ('school', models.CharField(blank=True, max_length=150)),
                ('gp', models.CharField(blank=True, max_length=150)),
                ('ethnicity', models.CharField(blank=True, max_length=80)),
                ('religion', models.CharField(blank=True, max_length=80)),
                ('notes', models.TextField(blank=True, max_length=4000)),
                ('created_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('family', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='families.family')),
                ('person', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='details', to='families.person')),
            ],
            options={
                'verbose_name_plural': 'person details',
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='RecordCheck',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('at', models.DateTimeField(default=earlyhelp.core.clock.now)),
                ('about', models.CharField(max_length=200)),
                ('date_of_birth', models.DateField()),
                ('postcode', models.CharField(blank=True, max_length=10)),
                ('may_be_known', models.BooleanField()),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-at'],
            },
        ),
        migrations.CreateModel(
            name='Relationship',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(default=earlyhelp.core.clock.now, editable=False)),
                ('kind', models.CharField(max_length=60)),
                ('parental_responsibility', models.CharField(choices=[('yes', 'Yes'), ('no', 'No'), ('unknown', 'Not known')], default='unknown', max_length=10)),
                ('created_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('family', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='families.family')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='relationships', to='families.person')),
                ('to_person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='relationships_to', to='families.person')),
            ],
            options={
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='Request',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('reference', models.CharField(default=families.references.new_reference, editable=False, max_length=20, unique=True)),
                ('joined', models.BooleanField(db_default=False, default=False, help_text='The episode was open already; the asker isn’t told.')),
                ('created_at', models.DateTimeField(default=earlyhelp.core.clock.now, editable=False)),
                ('who_asks', models.CharField(choices=[('practitioner', 'A practitioner'), ('family', 'A parent, carer or family member'), ('young_person', 'A young person, for themselves')], max_length=15)),
                ('must_not_know', models.CharField(blank=True, db_default='', default='', help_text='Who must not be told of it, and why (ROT-21).', max_length=300)),
                ('family_name', models.CharField(max_length=150)),
                ('what_for', models.TextField(max_length=4000)),
                ('tried', models.TextField(blank=True, max_length=4000)),
                ('level_of_need', models.CharField(blank=True, max_length=10)),
                ('received_at', models.DateTimeField()),
                ('submitted_at', models.DateTimeField(null=True)),
                ('agreed_by', models.CharField(blank=True, max_length=200)),
                ('agreed_how', models.CharField(blank=True, choices=[('signed', 'Signed on paper'), ('verbal', 'Said so')], max_length=10)),
                ('agreed_on', models.DateField(null=True)),
                ('asked_who', models.CharField(blank=True, max_length=200)),
                ('outcome', models.CharField(choices=[('waiting', 'Waiting'), ('accepted', 'Accepted'), ('advice', 'Advice given'), ('single_agency', 'One agency will help'), ('front_door', 'Passed to the front door'), ('declined', 'Declined'), ('own_offer', 'Met by the asker’s own service')], default='waiting', max_length=15)),
                ('outcome_reason', models.TextField(blank=True, max_length=2000)),
                ('outcome_at', models.DateTimeField(null=True)),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.agency')),
                ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('episode', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='requests', to='families.episode')),
                ('family', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='requests', to='families.family')),
                ('locality', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.locality')),
                ('outcome_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['received_at', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='RequestPerson',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('position', models.PositiveSmallIntegerField(default=0)),
                ('kind', models.CharField(choices=[('child', 'Child or young person'), ('adult', 'Adult'), ('unborn', 'Unborn child')], max_length=10)),
                ('first_name', models.CharField(max_length=100)),
                ('last_name', models.CharField(blank=True, max_length=100)),
                ('date_of_birth', models.DateField(blank=True, null=True)),
                ('born', models.CharField(default='exact', max_length=10)),
                ('postcode', models.CharField(blank=True, max_length=10)),
                ('phone', models.CharField(blank=True, max_length=40)),
                ('relationship', models.CharField(blank=True, max_length=60)),
                ('person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='families.person')),
                ('request', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='people', to='families.request')),
            ],
            options={
                'verbose_name_plural': 'request people',
                'ordering': ['request', 'position', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='SearchKey',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(default=earlyhelp.core.clock.now, editable=False)),
                ('kind', models.CharField(choices=[('name', 'Name'), ('sound', 'Sound'), ('trigram', 'Trigram'), ('born', 'Born'), ('postcode', 'Postcode')], max_length=10)),
                ('key', models.CharField(max_length=80)),
                ('created_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('family', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='families.family')),
                ('person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='search_keys', to='families.person')),
            ],
            options={
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='TeamMember',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(default=earlyhelp.core.clock.now, editable=False)),
                ('role', models.CharField(choices=[('contributor', 'Contributor'), ('attendee', 'Comes to reviews')], default='contributor', max_length=12)),
                ('status', models.CharField(choices=[('invited', 'Invited'), ('accepted', 'On the team'), ('declined', 'Declined'), ('ended', 'Left')], default='invited', max_length=10)),
                ('invited_at', models.DateTimeField()),
                ('answered_at', models.DateTimeField(null=True)),
                ('reason', models.TextField(blank=True, max_length=2000)),
                ('ends_at', models.DateTimeField(blank=True, null=True)),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.agency')),
                ('created_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('episode', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='team', to='families.episode')),
                ('family', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='families.family')),
                ('invited_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['pk'],
            },
        ),
        migrations.AddConstraint(
            model_name='episode',
            constraint=models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('family',), name='one_open_episode'),
        ),
        migrations.AddConstraint(
            model_name='episode',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('end_reason', ''), ('ended_at', None)), models.Q(('ended_at__isnull', False), models.Q(('end_reason', ''), _negated=True)), _connector='OR'), name='episode_ends_with_a_reason'),
        ),
        migrations.AddConstraint(
            model_name='connecteduser',
            constraint=models.UniqueConstraint(fields=('family', 'user'), name='connected_once'),
        ),
        migrations.AddConstraint(
            model_name='filedinerror',
            constraint=models.UniqueConstraint(fields=('table_name', 'row_id'), name='filed_in_error_once'),
        ),
        migrations.AddConstraint(
            model_name='lead',
            constraint=models.UniqueConstraint(condition=models.Q(('status', 'accepted')), fields=('episode',), name='one_lead'),
        ),
        migrations.AddConstraint(
            model_name='lead',
            constraint=models.UniqueConstraint(condition=models.Q(('status', 'asked')), fields=('episode', 'user'), name='asked_once'),
        ),
        migrations.AddConstraint(
            model_name='lead',
            constraint=models.CheckConstraint(condition=models.Q(('reason', ''), ('status', 'declined'), _negated=True), name='lead_declined_with_reason'),
        ),
        migrations.AddConstraint(
            model_name='localityhelp',
            constraint=models.UniqueConstraint(condition=models.Q(('status', 'asked')), fields=('episode',), name='locality_asked_once'),
        ),
        migrations.AddConstraint(
            model_name='localityhelp',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('ended_at', None), ('status', 'asked')), models.Q(('ended_at__isnull', False), ('status', 'done')), _connector='OR'), name='locality_help_done_has_end'),
        ),
        migrations.AddIndex(
            model_name='note',
            index=models.Index(fields=['family', '-at'], name='note_of_family'),
        ),
        migrations.AddConstraint(
            model_name='relationship',
            constraint=models.UniqueConstraint(fields=('person', 'to_person'), name='relationship_once'),
        ),
        migrations.AddConstraint(
            model_name='relationship',
            constraint=models.CheckConstraint(condition=models.Q(('person', models.F('to_person')), _negated=True), name='related_to_someone_else'),
        ),
        migrations.AddIndex(
            model_name='request',
            index=models.Index(fields=['locality', 'outcome', 'received_at'], name='request_waiting'),
        ),
        migrations.AddConstraint(
            model_name='request',
            constraint=models.CheckConstraint(condition=models.Q(('submitted_at', None), models.Q(('agreed_on__isnull', False), models.Q(('agreed_by', ''), _negated=True), models.Q(('agreed_how', ''), _negated=True), models.Q(('asked_who', ''), _negated=True)), ('outcome', 'own_offer'), _connector='OR'), name='submitted_with_agreement'),
        ),
        migrations.AddConstraint(
            model_name='request',
            constraint=models.CheckConstraint(condition=models.Q(('outcome', 'declined'), ('outcome_reason', ''), _negated=True), name='declined_with_reason'),
        ),
        migrations.AddIndex(
            model_name='searchkey',
            index=models.Index(fields=['kind', 'key'], name='search_key'),
        ),
        migrations.AddConstraint(
            model_name='teammember',
            constraint=models.UniqueConstraint(condition=models.Q(('status__in', ['invited', 'accepted'])), fields=('episode', 'user'), name='on_the_team_once'),
        ),
    ]
