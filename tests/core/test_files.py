"""A scan is kept with its row, or not at all: tried with real transactions."""

from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import IntegrityError, OperationalError, connection, transaction

from earlyhelp.accounts.models import Agency, Closure, Membership

pytestmark = pytest.mark.django_db(transaction=True)


def save() -> str:
    return default_storage.save("documents/scan", ContentFile(b"%PDF-"))


def kept(settings) -> int:
    return len([p for p in Path(settings.MEDIA_ROOT).rglob("*") if p.is_file()])


def test_a_file_stays_with_its_transaction(settings):
    with transaction.atomic():
        save()
    assert kept(settings) == 1


def test_a_file_stays_without_a_transaction(settings):
    save()
    assert kept(settings) == 1


@transaction.atomic
def save_and(fail) -> None:
    save()
    fail()


def go_wrong() -> None:
    raise RuntimeError


def close_twice() -> None:
    Closure.objects.create(day="2026-12-24", name="x")
    Closure.objects.create(day="2026-12-24", name="y")


def write_for_nobody() -> None:
    """The foreign key is checked when the transaction is committed."""
    Membership.objects.create(user_id=999_999, agency=Agency.objects.create(name="Birch", kind="school"), role="x")


def break_the_connection() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        pid = cursor.fetchone()[0]
    other = connection.copy()
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])
    other.close()


def test_a_file_goes_with_an_error(settings):
    with pytest.raises(RuntimeError):
        save_and(go_wrong)
    assert kept(settings) == 0


def test_a_file_goes_with_an_error_of_the_database(settings):
    with pytest.raises(IntegrityError):
        save_and(close_twice)
    assert kept(settings) == 0


def test_a_file_goes_with_a_response_that_undoes_its_transaction(settings):
    with transaction.atomic():
        save()
        transaction.set_rollback(True)
    assert kept(settings) == 0


def test_a_file_goes_with_its_savepoint_and_the_other_stays(settings):
    with transaction.atomic():
        stays = save()
        with pytest.raises(RuntimeError):
            save_and(go_wrong)
        assert kept(settings) == 1
    assert default_storage.exists(stays)


def test_a_file_goes_when_the_commit_itself_is_refused(settings):
    with pytest.raises(IntegrityError):
        save_and(write_for_nobody)
    assert kept(settings) == 0


def test_a_committed_file_stays_when_something_that_waited_for_the_commit_fails(settings):
    with pytest.raises(RuntimeError):
        save_and_fail_after()
    assert kept(settings) == 1


@transaction.atomic
def save_and_fail_after() -> None:
    transaction.on_commit(go_wrong)
    save()


def test_a_file_stays_when_the_connection_breaks_and_nobody_knows_whether_it_was_committed(settings):
    with pytest.raises(OperationalError):
        save_and(break_the_connection)
    connection.close()
    assert kept(settings) == 1
