"""What was filed in the wrong family leaves that family's sight at once; a stub says that it stood here."""

from typing import Any

from django.db import transaction

from earlyhelp.access.identity import acting_as_system
from earlyhelp.accounts.models import User
from earlyhelp.accounts.roles import service_managers
from earlyhelp.core.clock import in_london
from earlyhelp.govuk.components import when_text
from earlyhelp.timescales import services as timescales
from families import notices
from families.clocks import FIRST_CONTACT
from families.models import ContactAttempt, Document, FiledInError, Note, Person, Request

Item = Note | Document | ContactAttempt | Person


def author_of(item: Item) -> User | None:
    """Who filed it."""
    if isinstance(item, Note):
        return item.author
    if isinstance(item, Person):
        return item.created_by
    return item.uploaded_by if isinstance(item, Document) else item.by


def describe(item: Item) -> str:
    """What kind of thing it is, and of which day: nothing of what it says, and nobody's name."""
    if isinstance(item, Person):
        kind, day = "person added", in_london(item.created_at).date()
    elif isinstance(item, Document):
        kind = "signed agreement" if item.kind == Document.Kind.AGREEMENT else "document"
        day = item.signed_on or in_london(item.created_at).date()
    else:
        kind, day = "case note" if isinstance(item, Note) else "contact", in_london(item.at).date()
    return f"{kind} of {when_text(day)}"


@transaction.atomic
def file_in_error(*, item: Item, reason: str, actor: User) -> FiledInError:
    """Take a thing out of the family's sight, its history and file too, and tell the service manager."""
    with acting_as_system("filed in error"):
        stub = _hide(item, reason=reason, actor=actor)
        for addition in Note.objects.filter(adds_to=item) if isinstance(item, Note) else ():
            _hide(addition, reason=reason, actor=actor)
        if isinstance(item, ContactAttempt):
            _contact_was_not_made(item)
        notices.FiledWrongly.tell(
            service_managers(),
            about=item.family,
            key=stub.pk,
            url=f"{item.family.get_absolute_url()}filed-in-error/{stub.pk}/",
        )
    return stub


def _hide(item: Item, *, reason: str, actor: User) -> FiledInError:
    narrower: dict[str, Any] = {}
    if isinstance(item, Note | Document):
        narrower = {"about": item.about, "reader_agency": item.reader_agency}
    if isinstance(item, Note):
        narrower["readers"] = item.readers
    stub, _ = FiledInError.objects.get_or_create(
        table_name=item._meta.db_table,
        row_id=item.pk,
        defaults={
            **narrower,
            "family": item.family,
            "what": describe(item),
            "filed_at": item.created_at,
            "filed_by": author_of(item),
            "reason": reason,
            "created_by": actor,
        },
    )
    return stub


@transaction.atomic
def restore(*, stub: FiledInError, actor: User) -> None:
    """It was right here after all: it is in its place again. That it was away stays in the history."""
    with acting_as_system("filed right after all"):
        if stub.table_name == ContactAttempt._meta.db_table:
            attempt = ContactAttempt.objects.get(pk=stub.row_id)
            for request in Request.objects.filter(family=stub.family_id).only("pk"):
                timescales.meet(FIRST_CONTACT, request, at=attempt.at)
        elif stub.table_name == Note._meta.db_table:
            additions = Note.objects.filter(adds_to=stub.row_id).values("pk")
            FiledInError.objects.filter(table_name=stub.table_name, row_id__in=additions).delete()
        stub.delete()


def _contact_was_not_made(attempt: ContactAttempt) -> None:
    """The first contact's clock, where this try met it, is met by the family's own next try or runs on (PS-2)."""
    wrong = FiledInError.objects.filter(table_name=ContactAttempt._meta.db_table).values("row_id")
    others = ContactAttempt.objects.filter(family=attempt.family).exclude(pk__in=wrong).order_by("pk")
    first = others.values_list("at", flat=True).first()
    for request in Request.objects.filter(family=attempt.family).only("pk"):
        timescales.undo_meeting(FIRST_CONTACT, request, at=attempt.at)
        if first:
            timescales.meet(FIRST_CONTACT, request, at=first)
