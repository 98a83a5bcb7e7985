"""Moves to another area, on their day. Names that nobody has any more. Virus checks: one soon after a file is stored, and a sweep for the rest."""

from celery import shared_task
from django.conf import settings
from django.db import transaction

from earlyhelp.access.identity import acting_as_system
from families.models import Document
from families.services import areas, names, viruses

BATCH = 200


@shared_task
def move_areas() -> int:
    """Families that belong to another area from today on."""
    return areas.carry_out_due()


@shared_task
def forget_names() -> int:
    """Words of names that nobody has any more."""
    return names.forget()


@shared_task
def check_file(pk: int) -> None:
    viruses.check(pk)


@shared_task
def check_files() -> int:
    """Check what isn't checked yet, newest first; returns how many are settled now."""
    if not settings.CLAMAV or not viruses.reachable():
        return 0
    with acting_as_system("files to check for viruses"):
        waiting = Document.objects.filter(checked=Document.Checked.NO).order_by("-pk")
        pks = list(waiting.values_list("pk", flat=True)[:BATCH])
    return sum(viruses.check(pk) for pk in pks)


def check_soon(document: Document) -> None:
    """Have a stored file checked once its transaction is committed; if the queue is lost, the sweep does it."""
    if settings.CLAMAV:
        transaction.on_commit(lambda: check_file.delay(document.pk), robust=True)
