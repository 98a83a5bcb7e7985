import django.db.models.deletion
import earlyhelp.core.clock
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
            name='Outcome',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(default=earlyhelp.core.clock.now, editable=False)),
                ('version', models.PositiveIntegerField(default=0)),
                ('need', models.TextField(max_length=1000)),
                ('outcome', models.TextField(max_length=1000)),
                ('how_we_know', models.TextField(max_length=1000)),
                ('position', models.PositiveSmallIntegerField()),
                ('created_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('family', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='families.family')),
                ('person', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='families.person')),
            ],
            options={
                'ordering': ['position', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Action',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(default=earlyhelp.core.clock.now, editable=False)),
                ('version', models.PositiveIntegerField(default=0)),
                ('text', models.TextField(max_length=1000)),
                ('due_on', models.DateField()),
                ('status', models.CharField(choices=[('open', 'To do'), ('done', 'Done'), ('partly', 'Partly done'), ('not_done', 'Not done yet'), ('not_needed', 'Not needed any more')], default='open', max_length=10)),
                ('about', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='families.person')),
                ('created_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('family', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='families.family')),
                ('person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='families.person')),
                ('user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('outcome', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='actions', to='plans.outcome')),
            ],
            options={
                'ordering': ['due_on', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Plan',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(default=earlyhelp.core.clock.now, editable=False)),
                ('status', models.CharField(choices=[('draft', 'Draft'), ('agreed', 'Agreed'), ('ended', 'Ended')], default='draft', max_length=10)),
                ('agreed_on', models.DateField(blank=True, null=True)),
                ('agreed_recorded_at', models.DateTimeField(editable=False, null=True)),
                ('next_review_on', models.DateField(blank=True, null=True)),
                ('early_reason', models.TextField(blank=True, max_length=1000)),
                ('arrangements', models.TextField(blank=True, max_length=1000)),
                ('created_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('episode', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='plan', to='families.episode')),
                ('family', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='families.family')),
            ],
            options={
                'ordering': ['-pk'],
            },
        ),
        migrations.AddField(
            model_name='outcome',
            name='plan',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='outcomes', to='plans.plan'),
        ),
        migrations.CreateModel(
            name='Review',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(default=earlyhelp.core.clock.now, editable=False)),
                ('held_at', models.DateTimeField()),
                ('how', models.CharField(choices=[('meeting', 'A meeting'), ('phone', 'By phone or video'), ('none', 'No meeting: updates collected, and talked through with the family')], max_length=10)),
                ('finding', models.CharField(choices=[('positive', 'Positive change'), ('no_change', 'No change'), ('deterioration', 'Deterioration, or concerns have increased')], max_length=20)),
                ('decision', models.CharField(choices=[('continue', 'Continue as is'), ('amend', 'Amend the plan'), ('end_met', 'End: needs fully met'), ('end_single_agency', 'End: a single agency will meet the need'), ('end_universal', 'End: universal services only')], max_length=20)),
                ('family_views', models.TextField(blank=True, max_length=4000)),
                ('child_voice', models.TextField(blank=True, max_length=4000)),
                ('notes', models.TextField(blank=True, max_length=8000)),
                ('next_review_on', models.DateField(blank=True, null=True)),
                ('early_reason', models.TextField(blank=True, max_length=1000)),
                ('unchanged_reason', models.TextField(blank=True, max_length=1000)),
                ('end_agreed', models.CharField(blank=True, choices=[('all', 'The children, the family and the others at the review agree'), ('too_young', 'The family and the others agree; the children are too young to say'), ('not_all', 'Not everyone agrees')], db_default='', default='', max_length=10)),
                ('end_reason', models.TextField(blank=True, db_default='', default='', max_length=1000)),
                ('created_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('family', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='families.family')),
                ('plan', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='reviews', to='plans.plan')),
                ('recorded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-held_at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='Attendance',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(default=earlyhelp.core.clock.now, editable=False)),
                ('name', models.CharField(blank=True, max_length=150)),
                ('status', models.CharField(choices=[('came', 'Came'), ('apologies', 'Sent apologies'), ('update', 'Sent an update')], max_length=10)),
                ('created_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('family', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='families.family')),
                ('person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='families.person')),
                ('user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('review', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='attendances', to='plans.review')),
            ],
            options={
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='ActionResult',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(default=earlyhelp.core.clock.now, editable=False)),
                ('result', models.CharField(choices=[('open', 'To do'), ('done', 'Done'), ('partly', 'Partly done'), ('not_done', 'Not done yet'), ('not_needed', 'Not needed any more')], max_length=10)),
                ('note', models.CharField(blank=True, max_length=500)),
                ('about', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='families.person')),
                ('action', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='results', to='plans.action')),
                ('created_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('family', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='families.family')),
                ('person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='families.person')),
                ('review', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='results', to='plans.review')),
            ],
            options={
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='ReviewMove',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(default=earlyhelp.core.clock.now, editable=False)),
                ('number', models.PositiveSmallIntegerField()),
                ('moved_from', models.DateField()),
                ('moved_to', models.DateField()),
                ('reason', models.TextField(max_length=1000)),
                ('created_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('family', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='families.family')),
                ('moved_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('plan', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='review_moves', to='plans.plan')),
            ],
            options={
                'ordering': ['-pk'],
            },
        ),
        migrations.AddConstraint(
            model_name='action',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('person__isnull', False), ('user__isnull', True)), models.Q(('person__isnull', True), ('user__isnull', False)), _connector='OR'), name='action_has_one_doer'),
        ),
        migrations.AddConstraint(
            model_name='plan',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('agreed_on', None), ('status', 'draft')), models.Q(models.Q(('status', 'draft'), _negated=True), ('agreed_on__isnull', False)), _connector='OR'), name='plan_agreed_on_a_day'),
        ),
        migrations.AddConstraint(
            model_name='plan',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('status', 'agreed'), _negated=True), ('next_review_on__isnull', False), _connector='OR'), name='agreed_plan_has_review_date'),
        ),
        migrations.AddConstraint(
            model_name='review',
            constraint=models.CheckConstraint(condition=models.Q(('finding__in', ['positive', 'no_change', 'deterioration'])), name='review_has_a_finding'),
        ),
        migrations.AddConstraint(
            model_name='review',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('decision__in', ('continue', 'amend')), ('next_review_on__isnull', False)), models.Q(('decision__in', ['end_met', 'end_single_agency', 'end_universal']), ('next_review_on', None)), _connector='OR'), name='review_goes_on_or_ends'),
        ),
        migrations.AddConstraint(
            model_name='review',
            constraint=models.CheckConstraint(condition=models.Q(('end_agreed', ''), models.Q(('decision__in', ('continue', 'amend')), _negated=True), _connector='OR'), name='review_end_agreed_only_of_an_end'),
        ),
        migrations.AddConstraint(
            model_name='review',
            constraint=models.CheckConstraint(condition=models.Q(('end_agreed', 'not_all'), ('end_reason', ''), _negated=True), name='review_ends_without_all_for_a_reason'),
        ),
        migrations.AddConstraint(
            model_name='attendance',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('name', ''), ('person', None), ('user__isnull', False)), models.Q(('name', ''), ('person__isnull', False), ('user', None)), models.Q(models.Q(('person', None), ('user', None)), models.Q(('name', ''), _negated=True)), _connector='OR'), name='attendance_of_one'),
        ),
        migrations.AddConstraint(
            model_name='actionresult',
            constraint=models.UniqueConstraint(fields=('review', 'action'), name='one_result_an_action'),
        ),
        migrations.AddConstraint(
            model_name='actionresult',
            constraint=models.CheckConstraint(condition=models.Q(('result', 'open'), _negated=True), name='result_is_one'),
        ),
        migrations.AddConstraint(
            model_name='reviewmove',
            constraint=models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='review_move_has_a_reason'),
        ),
        migrations.AddConstraint(
            model_name='reviewmove',
            constraint=models.CheckConstraint(condition=models.Q(('moved_to', models.F('moved_from')), _negated=True), name='review_move_moves'),
        ),
    ]
