"""The agreement form on paper: printed, signed, scanned, filed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.core.files.uploadedfile import UploadedFile

from consent.models import Agreement, ExcludedPerson, Signature, Tier, Wording
from consent.services.competence import deciding
from consent.services.ledger import all_choices
from consent.services.wording import read
from consent.word import Held
from earlyhelp.accounts.models import Agency, User
from earlyhelp.core import clock
from earlyhelp.core.errors import Refused
from earlyhelp.govuk.components import until_text, when_text
from earlyhelp.printing.files import picture_url
from earlyhelp.printing.pdf import render_pdf
from earlyhelp.procedures.services import procedure_in_force, words_then
from families.models import Document, Family, Person
from families.services.documents import file_document

TEMPLATE = "consent/form.html"
YOUNG = "Young person who decides for themselves"
PRACTITIONER = "Practitioner"
NO_WORDS = "I do not agree to early help"


def file_scan(
    *, family: Family, upload: UploadedFile, signed_on: date, actor: User, signed_by: Sequence[Person] = ()
) -> Document:
    """Keep the scan of a form that some of the family signed (DEV-07)."""
    return file_document(
        family=family,
        upload=upload,
        kind=Document.Kind.AGREEMENT,
        title=f"Signed {procedure_in_force().words.agreement} of {signed_on:%-d %B %Y}",
        about=signed_by,
        for_lead=True,
        signed_on=signed_on,
        actor=actor,
    )


COLUMNS = {"basic": "Basic", "additional": "Basic and additional", "nothing": "Nothing", "never": "Never"}
ALL_OTHERS = "All other agencies: nothing"
NOT_ASKED, RAN_OUT = "not asked yet: nothing", "has ended: nothing"


@dataclass(frozen=True)
class Line:
    """Who ticked one box for an agency; no box while they were not asked, or what they said has ended (`note`)."""

    who: str
    box: str = ""
    note: str = ""

    def boxes(self) -> list[tuple[str, bool]]:
        return [(label, column == self.box) for column, label in COLUMNS.items()]


@dataclass(frozen=True)
class Signer:
    """Somewhere to sign, or the signature that someone put on the screen."""

    role: str
    name: str = ""
    agreement: Agreement | None = None
    signature: Signature | None = None
    picture: str = ""
    decision: str = ""

    @property
    def answers(self) -> list[tuple[str, bool]]:
        """What they tick, and whether it is ticked already; the practitioner decides nothing."""
        if self.role == PRACTITIONER:
            return []
        given = Agreement.Decision.GIVEN
        return [
            ("I agree to early help", self.decision == given),
            (NO_WORDS, bool(self.decision) and self.decision != given),
        ]


def agreement_pdf(
    family: Family,
    *,
    people: list[Person],
    person: Person | None = None,
    names_excluded: bool = False,
    large_print: bool = False,
) -> bytes:
    """The form filled in: of `people`, whose choices the reader may read, or with what one person chose and nothing of
    the others. It has the words that were signed, and says so when they are not the ones in force. `names_excluded`:
    whether whoever prints may read the names of people who must not see the record, and gives the form to the family."""
    people = [person] if person else people
    decided = _decisions(family, people)
    versions = [a.wording for a in decided if a.wording]
    signed = max(versions, key=lambda w: w.pk, default=None)
    excluded = ExcludedPerson.objects.filter(family=family, ended_at=None).select_related("decided_by")
    signers, pictures = _signers(family, people, {a.person_id: a for a in decided}, alone=person is not None)
    context: dict[str, object] = {
        "family": family,
        "people": people,
        "person": person,
        "rows": _rows(family, people),
        # Everyone at home may read the whole family's: whom a young person keeps out is on their own form alone
        "excluded": [
            e
            for e in (excluded if names_excluded else [])
            if (e.decided_by == person if person else e.decided_by.kind == Person.Kind.ADULT)
        ],
        "names_excluded": names_excluded,
        "agreements": decided,
        "procedure": words_then(max((a.procedure_id for a in decided if a.procedure_id), default=None)),
        "signers": signers,
        "others": [read(w) for w in sorted({w for w in versions if w != signed}, key=lambda w: -w.pk)],
    }
    return _form(context, wording=signed, pictures=pictures, large_print=large_print)


def blank_pdf(*, large_print: bool = False, wording: Wording | None = None) -> bytes:
    """The form for a home visit, with room to write; with the words of a version or a draft, to look at it."""
    context: dict[str, object] = {
        "family": None,
        "people": [],
        "person": None,
        "rows": [(name, [Line("")]) for name in Agency.objects.filter(is_open=True).values_list("name", flat=True)],
        "excluded": [],
        "names_excluded": True,
        "agreements": [],
        "signers": [Signer("Parent or carer"), Signer("Parent or carer"), Signer(YOUNG), Signer(PRACTITIONER)],
        "others": [],
    }
    return _form(context, wording=wording, pictures={}, large_print=large_print)


def _decisions(family: Family, people: list[Person]) -> list[Agreement]:
    """The latest decision of each person in this episode."""
    rows = Agreement.objects.filter(family=family, episode=family.episode(), person__in=people)
    latest: dict[int, Agreement] = {}
    for row in rows.select_related("person", "wording").order_by("pk"):
        latest[row.person_id] = row
    return [latest[person.pk] for person in people if person.pk in latest]


def _rows(family: Family, people: list[Person]) -> list[tuple[str, list[Line]]]:
    """For each agency that somebody was asked about, who chose what; the rest in one line."""
    choices: dict[int, dict[int, Held]] = {}
    of = {person.pk for person in people}
    for (person, agency), choice in all_choices(family).items():
        if person in of:
            choices.setdefault(agency, {})[person] = choice
    asked = Agency.objects.filter(pk__in=choices).order_by("name")
    return [*((agency.name, _lines(choices[agency.pk], people)) for agency in asked), (ALL_OTHERS, [Line("")])]


def _lines(choices: dict[int, Held], people: list[Person]) -> list[Line]:
    groups: dict[tuple[str, str], list[Person]] = {}
    for person in people:
        groups.setdefault(_box(choices.get(person.pk)), []).append(person)
    short = [person.short_name for person in people]
    return [
        Line(", ".join(p.name if short.count(p.short_name) > 1 else p.short_name for p in chosen), box, note)
        for (box, note), chosen in groups.items()
    ]


def _box(choice: Held | None) -> tuple[str, str]:
    if choice is None:
        return "", NOT_ASKED
    if choice != choice.at(clock.now()):
        return "", RAN_OUT
    if choice.never:
        return "never", ""
    box = {Tier.NONE: "nothing", Tier.BASIC: "basic", Tier.ADDITIONAL: "additional"}[Tier(choice.tier)]
    return box, f"until {until_text(choice.until)}" if choice.until else ""


def _signers(
    family: Family, people: list[Person], decided: dict[int, Agreement], *, alone: bool
) -> tuple[list[Signer], dict[str, bytes]]:
    """Adults, and young people who decide for themselves, each with the signature that they put on the screen."""
    own_word = deciding(family, people)
    by_agreement = Signature.objects.filter(family=family, agreement__in=decided.values())
    signatures = {s.agreement_id: s for s in by_agreement.select_related("watched_by", "wording")}
    signers, pictures = [], {}
    for person in people:
        adult = person.kind == Person.Kind.ADULT
        if person.pk not in own_word:
            continue
        agreement = decided.get(person.pk)
        on_screen = agreement is not None and agreement.how in (Agreement.How.DRAWN, Agreement.How.TYPED)
        signature = signatures.get(agreement.pk) if agreement else None
        picture = ""
        if signature and signature.image:
            with signature.image.open("rb") as file:
                picture = f"signature-{signature.pk}"
                pictures[picture] = file.read()
        signers.append(
            Signer(
                "Parent or carer" if adult else YOUNG,
                person.name,
                agreement if on_screen else None,
                signature,
                picture_url(picture) if picture else "",
                agreement.decision if agreement else "",
            )
        )
    if not signers:
        signers.append(Signer(f"Parent or carer, for {people[0].name}" if alone else "Parent or carer"))
    return [*signers, Signer(PRACTITIONER)], pictures


def _form(
    context: dict[str, object], *, wording: Wording | None, pictures: dict[str, bytes], large_print: bool
) -> bytes:
    in_force = Wording.current()
    wording = wording or in_force
    if wording is None:
        raise Refused("The form has no words yet. The service administrator has to publish them first.")
    words = read(wording)
    draft = wording.published_at is None
    family = context["family"]
    printed = f"printed {when_text(clock.now())}"
    about = [family.reference] if isinstance(family, Family) else []
    context |= {
        "words": words,
        "draft": draft,
        "earlier": not draft and wording != in_force,
        "columns": COLUMNS.values(),
        "footer": ", ".join([*about, f"{'draft of ' if draft else ''}version {wording.pk}", printed]),
    }
    title = f"DRAFT: {words.form}" if draft else words.form
    return render_pdf(TEMPLATE, context, title=title, large_print=large_print, pictures=pictures)
