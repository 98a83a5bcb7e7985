import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
    ]

    operations = [
        migrations.CreateModel(
            name='Closure',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField(unique=True)),
                ('name', models.CharField(max_length=100)),
            ],
            options={
                'ordering': ['day'],
            },
        ),
        migrations.CreateModel(
            name='Locality',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=100, unique=True)),
                ('coordinator_name', models.CharField(blank=True, max_length=150)),
                ('coordinator_phone', models.CharField(blank=True, max_length=40)),
                ('coordinator_email', models.EmailField(blank=True, max_length=254)),
            ],
            options={
                'verbose_name_plural': 'localities',
                'ordering': ['name'],
            },
        ),
        migrations.CreateModel(
            name='User',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('password', models.CharField(max_length=128, verbose_name='password')),
                ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                ('is_superuser', models.BooleanField(default=False, help_text='Designates that this user has all permissions without explicitly assigning them.', verbose_name='superuser status')),
                ('email', models.EmailField(max_length=254, unique=True, verbose_name='e-mail address')),
                ('name', models.CharField(max_length=150)),
                ('job_title', models.CharField(blank=True, max_length=150)),
                ('phone', models.CharField(blank=True, max_length=40)),
                ('is_active', models.BooleanField(default=True)),
                ('date_joined', models.DateTimeField(auto_now_add=True)),
                ('groups', models.ManyToManyField(blank=True, help_text='The groups this user belongs to. A user will get all permissions granted to each of their groups.', related_name='user_set', related_query_name='user', to='auth.group', verbose_name='groups')),
                ('user_permissions', models.ManyToManyField(blank=True, help_text='Specific permissions for this user.', related_name='user_set', related_query_name='user', to='auth.permission', verbose_name='user permissions')),
            ],
            options={
                'ordering': ['name', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Agency',
            fields=[
                ('group_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to='auth.group')),
                ('kind', models.CharField(choices=[('school', 'School'), ('early_years', 'Early years'), ('health', 'Health'), ('police', 'Police'), ('housing', 'Housing'), ('youth', 'Youth service'), ('voluntary', 'Voluntary organisation'), ('adult', 'Adult services'), ('early_help', 'Council early help'), ('social_care', 'Children’s social care')], max_length=20)),
                ('phone', models.CharField(blank=True, max_length=40)),
                ('email', models.EmailField(blank=True, max_length=254)),
                ('is_open', models.BooleanField(default=True)),
                ('locality', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='agencies', to='accounts.locality')),
            ],
            options={
                'verbose_name_plural': 'agencies',
                'ordering': ['name'],
            },
            bases=('auth.group',),
        ),
        migrations.CreateModel(
            name='LocalProcedure',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField(default=0)),
                ('authority_name', models.CharField(default='Your council', max_length=100)),
                ('service_name', models.CharField(default='Early Help', max_length=100)),
                ('lead_word', models.CharField(default='lead practitioner', max_length=60)),
                ('agreement_word', models.CharField(default='agreement', max_length=60)),
                ('agreement_form_name', models.CharField(default='Early Help agreement and information sharing form', max_length=120)),
                ('request_name', models.CharField(default='request for support', max_length=60)),
                ('locality_word', models.CharField(default='locality', max_length=60)),
                ('front_door_name', models.CharField(default='the front door', max_length=100)),
                ('safeguarding_name', models.CharField(default='Children’s front door', max_length=100)),
                ('safeguarding_phone_day', models.CharField(blank=True, max_length=40)),
                ('safeguarding_phone_night', models.CharField(blank=True, max_length=40)),
                ('own_consent_age', models.PositiveSmallIntegerField(default=13)),
                ('record_checks_a_day', models.PositiveSmallIntegerField(default=20)),
                ('review_from_weeks', models.PositiveSmallIntegerField(default=4)),
                ('levels_of_need', models.JSONField(default=list)),
                ('agreement_ways', models.JSONField(default=dict)),
                ('agreement_expiring_days', models.PositiveSmallIntegerField(db_default=30, default=30)),
                ('reasons_without_agreement', models.JSONField(default=list)),
                ('lawful_bases', models.JSONField(default=list)),
                ('emergency_hours', models.PositiveSmallIntegerField(db_default=24, default=24)),
                ('scan_size_limit_mb', models.PositiveSmallIntegerField(default=10)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('pk', 1)), name='one_local_procedure')],
            },
        ),
        migrations.CreateModel(
            name='Team',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=100)),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='teams', to='accounts.agency')),
            ],
            options={
                'ordering': ['agency', 'name'],
            },
        ),
        migrations.CreateModel(
            name='Membership',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('role', models.CharField(choices=[('practitioner', 'Practitioner'), ('manager', 'Manager'), ('locality_officer', 'Locality officer'), ('service_manager', 'Early help service manager'), ('business_support', 'Business support'), ('social_worker', 'Social worker'), ('auditor', 'Partnership auditor'), ('administrator', 'Service administrator')], max_length=20)),
                ('ends_at', models.DateTimeField(blank=True, null=True)),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='memberships', to='accounts.agency')),
                ('locality', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, to='accounts.locality')),
                ('supports', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='supported_by', to=settings.AUTH_USER_MODEL)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='memberships', to=settings.AUTH_USER_MODEL)),
                ('team', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, to='accounts.team')),
            ],
            options={
                'ordering': ['user', 'agency', 'role'],
            },
        ),
        migrations.AddConstraint(
            model_name='team',
            constraint=models.UniqueConstraint(fields=('agency', 'name'), name='team_name_once_per_agency'),
        ),
        migrations.AddConstraint(
            model_name='membership',
            constraint=models.UniqueConstraint(fields=('user', 'agency', 'role', 'locality', 'supports'), name='membership_once', nulls_distinct=False),
        ),
        migrations.AddConstraint(
            model_name='membership',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('role', 'locality_officer'), _negated=True), ('locality__isnull', False), _connector='OR'), name='locality_officer_has_locality'),
        ),
        migrations.AddConstraint(
            model_name='membership',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('role', 'business_support'), _negated=True), ('supports__isnull', False), _connector='OR'), name='business_support_names_worker'),
        ),
    ]
