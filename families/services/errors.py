"""What was filed in the wrong family leaves that family's sight at once; a stub says that it stood here."""

from collections.abc import Callable
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction

from earlyhelp.access.identity import acting_as_system
from earlyhelp.access.levels import Level
from earlyhelp.access.models import Grant
from earlyhelp.accounts.models import User
from earlyhelp.accounts.roles import service_managers
from earlyhelp.core.clock import in_london
from earlyhelp.core.errors import Refused
from earlyhelp.govuk.components import when_text
from earlyhelp.timescales import services as timescales
from families import notices
from families.clocks import FIRST_CONTACT
from families.models import ContactAttempt, Document, Family, FiledInError, Note, Person, Request
from families.services.viruses import held_back
from families.tasks import check_soon

Item = Note | Document | ContactAttempt | Person
GONE: list[Callable[[Item, str, User], None]] = []  # what apps above take out of sight with it


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
        for follow in GONE:
            follow(item, reason, actor)
        notices.FiledWrongly.tell(
            service_managers(),
            about=item.family,
            key=stub.pk,
            url=f"{item.family.get_absolute_url()}filed-in-error/{stub.pk}/",
        )
    return stub


@transaction.atomic
def move_document(*, document: Item, belongs_to: str, reason: str, actor: User) -> Document:
    """Take a document out of the wrong family, and file it in the right one, for whoever leads there: with who had filed it, and
    who moved it. Refused unless the actor may add to that family's record now."""
    assert isinstance(document, Document)
    adds = Grant.objects.in_force().filter(user=actor, level__gte=Level.CONTRIBUTE).values("family")
    family = Family.objects.filter(pk__in=adds, reference=belongs_to.strip()).exclude(pk=document.family_id).first()
    episode = family.episode() if family else None
    if family is None or episode is None or episode.ended_at:
        raise Refused(
            "There is no other family with this reference in which you may file documents. Check it, or leave it empty",
            field="belongs_to",
        )
    if why := held_back(document):
        raise Refused(f"It can’t be moved. {why}", field="belongs_to")
    same = ("kind", "title", "content_type", "size", "signed_on", "checked", "uploaded_by_id")
    moved = Document(
        **{name: getattr(document, name) for name in same},
        family=family,
        episode=episode,
        for_lead=True,
        moved_by=actor,
        created_by=actor,
    )
    with document.file.open("rb") as file:
        moved.file.save("scan", ContentFile(file.read()), save=False)
    moved.save()
    check_soon(moved)
    file_in_error(item=document, reason=reason, actor=actor)
    return moved


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
