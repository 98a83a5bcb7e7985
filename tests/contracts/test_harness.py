"""The harness itself is strict."""

import socket

import pytest
from django.db import transaction
from django.template.loader import render_to_string

from tests.cast import led_family, make_cast
from tests.databases import every_row


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
