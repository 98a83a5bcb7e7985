"""The agreement form on paper: printed, signed, scanned, filed."""

from datetime import date
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from consent.models import Agreement, Tier
from consent.services import all_choices
from earlyhelp.accounts.models import Agency, LocalProcedure, User
from earlyhelp.core import clock
from earlyhelp.printing.pdf import render_pdf
from families.models import Document, Family, Person
from families.tasks import check_soon
from families.uploads import read_scan

TEMPLATE = "consent/form.html"
NEVER = "never share"
NOTHING = Tier.NONE.label.lower()
BOXES = (Tier.BASIC.label.lower(), Tier.ADDITIONAL.label.lower(), NEVER)


@transaction.atomic
def file_scan(*, family: Family, upload: UploadedFile, signed_on: date, actor: User) -> Document:
    """Keep the scan of a signed form under a name that nobody can guess (DEV-07)."""
    scan = read_scan(upload)
    document = Document(
        family=family,
        episode=family.episode(),
        kind=Document.Kind.AGREEMENT,
        title=f"Signed agreement of {signed_on:%-d %B %Y}",
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


def agreement_pdf(family: Family, *, large_print: bool = False) -> bytes:
    """The form, filled in with the family's people and their choices in force."""
    people = list(family.people())
    now = clock.now()
    in_force: dict[int, dict[int, str]] = {}
    for (person, agency), (tier, never, until) in all_choices(family).items():
        known = tier if until is None or until > now else Tier.NONE
        in_force.setdefault(agency, {})[person] = NEVER if never else Tier(known).label.lower()
    agencies = list(Agency.objects.filter(is_open=True))
    rows = [(agency.name, _ticks(in_force.get(agency.pk, {}), people)) for agency in agencies]
    agreements = Agreement.objects.filter(family=family).select_related("person")
    return _form({"family": family, "people": people, "rows": rows, "agreements": agreements}, large_print=large_print)


def _ticks(choices: dict[int, str], people: list[Person]) -> dict[str, Any]:
    """The boxes, and which of them everyone ticked; where people chose differently, what each of them chose."""
    chosen = [(person.name, choices.get(person.pk, NOTHING)) for person in people]
    answers = {answer for _, answer in chosen}
    boxes = [answers == {box} for box in BOXES]
    return {"boxes": boxes, "by_person": chosen if len(answers) > 1 else []}


def blank_pdf(*, large_print: bool = False) -> bytes:
    """The form for a home visit, with room to write."""
    rows = [(agency.name, _ticks({}, [])) for agency in Agency.objects.filter(is_open=True)]
    return _form({"family": None, "people": [], "rows": rows, "agreements": []}, large_print=large_print)


def _form(context: dict[str, object], *, large_print: bool) -> bytes:
    procedure = LocalProcedure.current()
    return render_pdf(
        TEMPLATE,
        {**context, "procedure": procedure},
        title=procedure.agreement_form_name,
        large_print=large_print,
    )
