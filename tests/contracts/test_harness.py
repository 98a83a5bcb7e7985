"""The harness itself is strict."""

import socket
from pathlib import Path

import pytest
from django.db import transaction
from django.template.loader import render_to_string

from tests.cast import led_family, make_cast
from tests.databases import every_row

ROOT = Path(__file__).parents[2]


def test_an_undefined_variable_in_a_template_of_ours_fails():
    with pytest.raises(AssertionError, match="is not defined in"):
        render_to_string("govuk/back_link.html", {"text": "Back"})


def test_a_page_in_a_browser_is_left_only_by_words_that_wait_for_the_next():
    """A bare click goes on while the old page goes away: what is looked at then is now one page, now the other, or none."""
    stories = (ROOT / "tests" / "browser").glob("test_*.py")
    assert [story.name for story in stories if ".click(" in story.read_text()] == []


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
