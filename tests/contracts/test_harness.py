"""The harness itself is strict."""

import re
import socket

import pytest
from django.apps import apps
from django.db import transaction
from django.template.loader import render_to_string

from earlyhelp.access.identity import acting_as_system
from tests.cast import led_family, make_cast

UUID = r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"


def test_an_undefined_variable_in_a_template_of_ours_fails():
    with pytest.raises(AssertionError, match="is not defined in"):
        render_to_string("govuk/back_link.html", {"text": "Back"})


def test_nothing_reaches_another_machine():
    with socket.socket() as plug, pytest.raises(AssertionError, match="another machine"):
        plug.connect(("192.0.2.1", 80))


def test_the_family_that_tests_begin_with_is_what_the_services_write(databases, django_db_blocker):
    with django_db_blocker.unblock():
        databases.use("empty")
        databases.spoil()
        databases.use("empty")
        with transaction.atomic():
            led_family(make_cast())
            written = every_row()
            transaction.set_rollback(True)
        databases.spoil()
        databases.use("led")
        assert every_row() == written
        assert len(written["families_person"]) == 2


def every_row() -> dict[str, list[str]]:
    """What all tables hold, without what is drawn at random or tells the true time."""
    rows = {}
    with acting_as_system("test"):
        for model in apps.get_models():
            if model._meta.managed:
                columns = [f.attname for f in model._meta.concrete_fields if f.name not in ("password", "date_joined")]
                read = model._base_manager.values_list(*columns)
                rows[model._meta.db_table] = sorted(re.sub(UUID, "…", str(row)) for row in read)
    return rows
