"""Files of a family: looked into, kept under a name that nobody can guess, checked for viruses soon."""

from collections.abc import Callable, Sequence
from datetime import date

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from earlyhelp.accounts.models import Agency, User
from earlyhelp.core.errors import Refused
from families.models import Document, Family, Person
from families.tasks import check_soon
from families.uploads import Scan, read_scan


@transaction.atomic
def file_document(
    *,
    family: Family,
    upload: UploadedFile,
    kind: str,
    title: str,
    actor: User,
    about: Sequence[Person] = (),
    for_lead: bool = False,
    only_agency: Agency | None = None,
    signed_on: date | None = None,
    read: Callable[[UploadedFile], Scan] = read_scan,
) -> Document:
    """Keep a file: `about` those people or, when there are none, the whole family; opened by all who read the record, or by
    whoever leads and their manager (`for_lead`), or by the people of `only_agency`. `read` looks into it, and refuses what isn't
    kept."""
    episode = family.episode()
    if episode is None or episode.ended_at:
        raise Refused("Early help for this family has ended. A new request opens it again.")
    scan = read(upload)
    document = Document(
        family=family,
        episode=episode,
        kind=kind,
        title=title,
        about=[person.pk for person in about],
        for_lead=for_lead,
        reader_agency=only_agency,
        content_type=scan.content_type,
        size=scan.size,
        signed_on=signed_on,
        uploaded_by=actor,
        created_by=actor,
    )
    document.file.save("scan", scan.content, save=False)
    document.save()
    check_soon(document)
    return document
