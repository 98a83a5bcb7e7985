import hashlib
import json

import django.db.models.deletion
from django.db import migrations, models

ABOUT_FAMILY = {
    'why_now': 'Why now',
    'family_life': 'Family life and who is around them',
    'parenting': 'Looking after the children',
    'home_money_work': 'Home, money and work',
    'health': 'Health and wellbeing',
    'help_so_far': 'Help so far',
}
COLUMNS = {'code': 'needs', 'kind': 'columns', 'label': 'Strengths and needs'}
VOICE = {'code': 'voice', 'kind': 'text', 'label': 'What {name} says', 'need': 'must', 'voice': True, 'rule': 'PS-1'}
MUST = {'need': 'must', 'rule': 'PS-1'}


def part(code, title, about, group, *questions):
    return {'code': code, 'title': title, 'about': about, 'group': group, 'questions': list(questions)}


# What was asked before forms were data: assessments from then are read, and go on, by it
FORM = {
    'parts': [
        *(part(code, title, 'family', 'The whole family', COLUMNS) for code, title in ABOUT_FAMILY.items()),
        part('child', 'A child', 'child', 'Each child', VOICE, COLUMNS | MUST),
        part('agency', 'What an agency knows', 'agency', 'What each agency knows', COLUMNS),
        part('analysis', 'What we make of it', 'family', 'Together', COLUMNS | MUST | {'overview': True, 'rule': 'PS-6'}),
    ],
}
TO_CONTRIBUTIONS = """
INSERT INTO assessments_contribution (created_at, created_by_id, family_id, assessment_id, part, person_id, author_id,
    agency_id, state, version, saved_at)
SELECT created_at, created_by_id, family_id, assessment_id, key, person_id, saved_by_id, coalesce(agency_id, saved_agency_id),
    'begun', 1, saved_at
FROM assessments_section WHERE version > 0;
INSERT INTO assessments_answer (created_at, created_by_id, family_id, contribution_id, question, "row", box, text, about)
SELECT c.saved_at, c.author_id, c.family_id, c.id, said.question, 0, said.box, said.text, array_remove(ARRAY[c.person_id], NULL)
FROM assessments_contribution c
JOIN assessments_section s ON s.assessment_id = c.assessment_id AND s.key = c.part AND s.version > 0
    AND s.person_id IS NOT DISTINCT FROM c.person_id
    AND (s.agency_id IS NULL OR s.agency_id = c.agency_id) AND s.saved_by_id = c.author_id
CROSS JOIN LATERAL (VALUES ('voice', '', s.voice), ('needs', 'worried', s.worried), ('needs', 'working_well', s.working_well),
    ('needs', 'needs_to_happen', s.needs_to_happen), ('needs', 'scale', s.scale::text)) said (question, box, text)
WHERE said.text <> '';
SET CONSTRAINTS ALL IMMEDIATE;
"""
TO_SECTIONS = """
INSERT INTO assessments_section (created_at, created_by_id, family_id, assessment_id, key, person_id, agency_id, version,
    worried, working_well, needs_to_happen, voice)
SELECT a.created_at, a.created_by_id, a.family_id, a.id, keys.key, NULL, NULL, 0, '', '', '', ''
FROM assessments_assessment a
CROSS JOIN unnest(ARRAY['why_now', 'family_life', 'parenting', 'home_money_work', 'health', 'help_so_far', 'analysis']) keys (key);
INSERT INTO assessments_section (created_at, created_by_id, family_id, assessment_id, key, person_id, agency_id, version,
    worried, working_well, needs_to_happen, voice)
SELECT DISTINCT ON (assessment_id, part, person_id, CASE WHEN part = 'agency' THEN agency_id END)
    created_at, created_by_id, family_id, assessment_id, part, person_id, CASE WHEN part = 'agency' THEN agency_id END, 0, '', '',
    '', ''
FROM assessments_contribution WHERE part IN ('child', 'agency');
UPDATE assessments_section s SET version = 1, saved_by_id = said.author_id, saved_agency_id = said.agency_id,
    saved_at = said.saved_at, worried = coalesce(said.worried, ''), working_well = coalesce(said.well, ''),
    needs_to_happen = coalesce(said.needs, ''), voice = coalesce(said.voice, ''), scale = said.scale
FROM (
    SELECT c.assessment_id, c.part, c.person_id, CASE WHEN c.part = 'agency' THEN c.agency_id END AS whose,
        (array_agg(c.author_id ORDER BY c.saved_at DESC))[1] AS author_id,
        (array_agg(c.agency_id ORDER BY c.saved_at DESC))[1] AS agency_id, max(c.saved_at) AS saved_at,
        left(string_agg(a.text, E'\n\n' ORDER BY c.saved_at) FILTER (WHERE a.box = 'worried'), 5000) AS worried,
        left(string_agg(a.text, E'\n\n' ORDER BY c.saved_at) FILTER (WHERE a.box = 'working_well'), 5000) AS well,
        left(string_agg(a.text, E'\n\n' ORDER BY c.saved_at) FILTER (WHERE a.box = 'needs_to_happen'), 5000) AS needs,
        left(string_agg(a.text, E'\n\n' ORDER BY c.saved_at) FILTER (WHERE a.question = 'voice'), 5000) AS voice,
        (array_agg(a.text::smallint ORDER BY c.saved_at DESC) FILTER (WHERE a.box = 'scale'))[1] AS scale
    FROM assessments_contribution c JOIN assessments_answer a ON a.contribution_id = c.id
    WHERE c.readers IS NULL AND c.reader_agency_id IS NULL AND c.version > 0
    GROUP BY c.assessment_id, c.part, c.person_id, CASE WHEN c.part = 'agency' THEN c.agency_id END
) said
WHERE s.assessment_id = said.assessment_id AND s.key = said.part AND s.person_id IS NOT DISTINCT FROM said.person_id
    AND s.agency_id IS NOT DISTINCT FROM said.whose;
SET CONSTRAINTS ALL IMMEDIATE;
"""


def keep_the_form(apps, schema_editor):
    """The form that assessments were written on until now; none where there is none."""
    assessments = apps.get_model('assessments', 'Assessment').objects.all()
    if assessments.exists():
        digest = hashlib.sha256(json.dumps(FORM, sort_keys=True).encode()).hexdigest()
        form = apps.get_model('assessments', 'FormVersion').objects.create(number=1, body=FORM, digest=digest)
        assessments.update(form=form)


def keep_what_was_moved(apps, schema_editor):
    """Forms stay, for when the migration is applied again."""
    apps.get_model('assessments', 'Assessment').objects.update(form=None)
    apps.get_model('assessments', 'FormVersion').objects.all().delete()


RENAMED = {name: f'needs-{name}' for name in ('worried', 'working_well', 'needs_to_happen', 'scale')}


def keep_drafts(apps, schema_editor):
    """What was typed and not saved yet is offered where it is written now."""
    drafts = apps.get_model('drafts', 'Draft').objects
    for draft in drafts.filter(form__startswith='assessment:'):
        _, assessment, key, whose = draft.form.split(':')
        person = whose if key == 'child' else ''
        form = f'assessment:{assessment}:{key}:{person}'
        if form != draft.form and drafts.filter(user=draft.user_id, form=form, window=draft.window).exists():
            continue  # of two agencies in one window: the list of drafts has it, to be copied
        draft.form = form
        draft.url = f"{draft.url.partition('assessment/')[0]}assessment/part/{key}/{f'{person}/' if person else ''}"
        draft.data = {RENAMED.get(name, name): texts for name, texts in draft.data.items()}
        draft.save(update_fields=['form', 'url', 'data'])


def leave_drafts(apps, schema_editor):
    """Older code offers them in the list of drafts, to be copied."""


class Migration(migrations.Migration):

    dependencies = [
        ('assessments', '0003_forms'),
        ('drafts', '0001_initial'),
    ]

    operations = [
        migrations.RunPython(keep_the_form, keep_what_was_moved, elidable=True),
        migrations.RunPython(keep_drafts, leave_drafts, elidable=True),
        migrations.RunSQL(TO_CONTRIBUTIONS, TO_SECTIONS, elidable=True),
        migrations.AlterField(
            model_name='assessment',
            name='form',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='assessments.formversion'),
        ),
        migrations.DeleteModel(
            name='Section',
        ),
    ]
