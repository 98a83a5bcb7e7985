"""Publish the first version of the form's words. Going back leaves it: someone may have signed it."""

from datetime import UTC, datetime

from django.db import migrations

from consent.first_wording import FIRST_WORDING


def publish(apps, schema_editor):
    wording = apps.get_model("consent", "Wording")
    if not wording.objects.exists():
        written = datetime(2026, 1, 1, tzinfo=UTC)
        wording.objects.create(**FIRST_WORDING, changed_at=written, published_at=written)


class Migration(migrations.Migration):
    dependencies = [("consent", "0001_initial")]

    operations = [migrations.RunPython(publish, migrations.RunPython.noop)]
