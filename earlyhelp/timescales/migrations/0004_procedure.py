import json

import django.db.models.deletion
from django.db import migrations, models

from earlyhelp.procedures.document import text_of, with_values

PATHS = {
    'authority_name': 'authority.name',
    'service_name': 'authority.service',
    'lead_word': 'words.lead',
    'agreement_word': 'words.agreement',
    'agreement_form_name': 'words.agreement_form',
    'request_name': 'words.request',
    'locality_word': 'words.locality',
    'front_door_name': 'words.front_door',
    'safeguarding_name': 'safeguarding.name',
    'safeguarding_phone_day': 'safeguarding.phone_day',
    'safeguarding_phone_night': 'safeguarding.phone_night',
    'own_consent_age': 'ages.own_word',
    'record_checks_a_day': 'limits.record_checks_a_day',
    'review_from_weeks': 'reviews.earliest_weeks',
    'levels_of_need': 'levels',
    'agreement_ways': 'agreement.ways',
    'agreement_expiring_days': 'agreement.expiring_days',
    'reasons_without_agreement': 'reasons.without_agreement',
    'lawful_bases': 'reasons.lawful_bases',
    'emergency_hours': 'sharing.emergency_hours',
    'scan_size_limit_mb': 'limits.scan_mb',
}


def into_a_document(apps, schema_editor):
    """What the council had set, as the first version of its document; nothing where it had set nothing."""
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(PATHS)} FROM accounts_localprocedure")
        row = cursor.fetchone()
        cursor.execute('SELECT kind, amount, unit, extendable, hears FROM timescales_timescalerule')
        rules = cursor.fetchall()
    if row is None:
        return
    said = {path: json.loads(value) if isinstance(value, str) and value[:1] in '[{' else value
            for path, value in zip(PATHS.values(), row)}
    said['levels'] = [level | {'meaning': ''} for level in said['levels']]
    for kind, amount, unit, extendable, hears in rules:
        clock = f'clocks.{kind}'
        said |= {f'{clock}.amount': amount, f'{clock}.unit': unit, f'{clock}.extendable': extendable, f'{clock}.hears': hears}
        if not extendable:
            said[f'{clock}.extended_by_days'] = 0
    text = with_values(text_of('default'), said)
    apps.get_model('procedures', 'Version').objects.create(number=1, text=text, why='Set before procedures were documents.')


def back(apps, schema_editor):
    """The old tables are as they were."""


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0004_password_mails'),
        ('procedures', '0001_initial'),
        ('timescales', '0003_agreed_after'),
    ]

    operations = [
        migrations.RunPython(into_a_document, back, elidable=True),
        migrations.SeparateDatabaseAndState(
            state_operations=[migrations.DeleteModel(name='TimescaleRule')],
        ),
        migrations.AddField(
            model_name='timescale',
            name='procedure',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='procedures.version'),
        ),
    ]
