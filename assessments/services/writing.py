"""Several people write an assessment at the same time: each their own words, beside each other's."""

from collections.abc import Mapping, Sequence
from dataclasses import KW_ONLY, dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import F, OuterRef, Subquery

from assessments.kinds import Key, Said, boxes
from assessments.models import Answer, Assessment, Contribution, Proposal
from assessments.reading import said_in
from assessments.rules import not_yours_to_change
from assessments.services import asking
from assessments.services.locking import lock_open
from earlyhelp.access.identity import acting_as_system
from earlyhelp.access.models import Change
from earlyhelp.accounts.models import Agency, User
from earlyhelp.accounts.roles import managers_of
from earlyhelp.core import clock
from earlyhelp.core.errors import Refused, Stale
from earlyhelp.core.text import number
from earlyhelp.core.versions import CHANGED, WITHHELD
from families.models import Person
from families.services.running import lead_of

NARROWED = "What you wrote here is for fewer people now. Copy what you typed, open the part again, and write it where it belongs"


@dataclass(frozen=True)
class Told:
    """Who said what another typed for them, how it came, and on which day (ROT-29); or who wrote what is `quoted` word for word."""

    by: str
    how: str
    on: date
    quoted: bool = False


@dataclass(frozen=True)
class Words:
    """What is written in a part. `few`: for its author, their managers and the lead; `only_agency`: for its people alone."""

    said: Said
    _: KW_ONLY
    ready: bool = False
    few: bool = False
    only_agency: bool = False
    kept_from: Sequence[int] = ()
    told: Told | None = None


@transaction.atomic
def write(
    *,
    assessment: Assessment,
    part: str,
    words: Words,
    actor: User,
    agency: Agency | None,
    person: Person | None = None,
    version: int = 0,
    writes_for: Agency | None = None,
) -> Contribution:
    """Write one's own words in a part, for an agency, on top of the `version` that their writer saw. What someone else told is
    for their `agency`; who may read it goes by the agency that its writer `writes_for`.

    Raises Stale when the same person saved something else there in between; nothing is overwritten.
    """
    lock_open(assessment)
    told, ours = words.told, writes_for or agency
    shown = {"told_by": "", "readers": None, "reader_agency": None}
    whose = {"assessment": assessment, "part": part, "person": person, "author": actor, "agency": agency}
    found = None
    if not (told or words.few or words.only_agency):
        found = Contribution.objects.filter(**whose, **shown).exclude(state=Contribution.State.DROPPED).first()
        if found is None and version:
            raise Refused(NARROWED)
    if found is None:
        more: dict[str, Any] = {}
        if told:
            more = {"told_by": told.by, "told_how": told.how, "told_on": told.on, "is_quoted": told.quoted}
        narrow = _readers(assessment, ours, actor, words)
        found = Contribution.objects.create(family_id=assessment.family_id, created_by=actor, **whose, **more, **narrow)
    return _save(found, words, version, actor, ours)


@transaction.atomic
def change(
    *, contribution: Contribution, words: Words, version: int, actor: User, writes_for: Agency | None = None
) -> Contribution:
    """Change what one wrote. Raises Stale as `write` does."""
    lock_open(contribution.assessment)
    if reason := not_yours_to_change(contribution, actor):
        raise Refused(reason)
    return _save(contribution, words, version, actor, writes_for or contribution.agency)


def _save(
    contribution: Contribution, words: Words, version: int, actor: User, writes_for: Agency | None
) -> Contribution:
    before = said_in([contribution])[contribution.pk]
    said = {key: text for key, text in words.said.items() if text or key in before}
    narrow = _readers(contribution.assessment, writes_for, actor, words)
    _refuse_second(contribution, words)
    state = Contribution.State.READY if words.ready else Contribution.State.BEGUN
    who = {"state": state, "kept_from": list(words.kept_from), **narrow}
    stamp: dict[str, Any] = dict(who)
    if not contribution.version or any(before.get(key, "") != text for key, text in said.items()):
        stamp["saved_at"] = clock.now()
    if contribution.carried_from_id:
        stamp["checked_by"] = actor
    rows = Contribution.objects.filter(pk=contribution.pk)
    if not rows.filter(version=version).update(**stamp, version=F("version") + 1):
        now = rows.first()
        if now is None or now.version == version:
            raise Refused(WITHHELD)
        if any(before.get(key, "") != text for key, text in said.items()) or not rows.filter(**who).exists():
            raise Stale(CHANGED)
        return contribution
    if (contribution.readers, contribution.reader_agency) != (narrow["readers"], narrow["reader_agency"]):
        with acting_as_system(
            "who reads one's own words"
        ):  # lines too that name someone whom they may not know of any more
            Answer.objects.filter(contribution=contribution).update(**narrow)
            Proposal.objects.filter(answer__contribution=contribution).update(**narrow)
    _keep(contribution, before, said, narrow, actor)
    if words.ready:
        asking.sent(assessment=contribution.assessment, part=contribution.part, agency=contribution.agency, actor=actor)
    contribution.refresh_from_db(fields=["version", *stamp])
    return contribution


def _refuse_second(contribution: Contribution, words: Words) -> None:
    """What one writes for all stands in one contribution: of another, that was for few, nothing is made a second."""
    if contribution.told_by or words.few or words.only_agency or not contribution.is_narrow:
        return
    whose = {
        name: getattr(contribution, name) for name in ("assessment", "part", "person_id", "author_id", "agency_id")
    }
    same = Contribution.objects.filter(**whose, told_by="", readers=None, reader_agency=None)
    if same.exclude(pk=contribution.pk).exclude(state=Contribution.State.DROPPED).exists():
        raise Refused("You wrote something for everyone here already: add it there.", field="who_reads")


def _keep(contribution: Contribution, before: Said, said: Said, narrow: Mapping[str, Any], actor: User) -> None:
    """Put what is said into its boxes, in one statement; whoever is named in a line is whom all of the line is about."""
    after = {**before, **said}
    was, now = _named(contribution, before), _named(contribution, after)
    Answer.objects.bulk_create(
        [
            Answer(
                family_id=contribution.family_id,
                contribution=contribution,
                question=key[0],
                row=key[1],
                box=key[2],
                text=text,
                about=now.get(key[:2], now[()]),
                created_by=actor,
                **narrow,
            )
            for key, text in after.items()
            if before.get(key, "") != text or was.get(key[:2]) != now.get(key[:2])
        ],
        update_conflicts=True,
        unique_fields=["contribution", "question", "row", "box"],
        update_fields=["text", "about"],
    )
    if was != now:
        about = Answer.objects.filter(pk=OuterRef("answer")).values("about")[:1]
        Proposal.objects.filter(answer__contribution=contribution).update(about=Subquery(about))


def _named(contribution: Contribution, said: Said) -> dict[tuple[str, int] | tuple[()], list[int]]:
    """Whom a line is about, where it names someone; under (), whom the others are."""
    part = contribution.assessment.form.form.part(contribution.part)
    persons = {
        (q.code, box.code) for q in (part.questions if part else ()) for box in boxes(q) if box.holds == "person"
    }
    about = [contribution.person_id] if contribution.person_id else []
    found: dict[Any, list[int]] = {(): about}
    for (question, row, box), text in said.items():
        if (question, box) in persons and text and number(text) not in about:
            found[question, row] = [*about, number(text)]
    return found


def _readers(assessment: Assessment, writes_for: Agency | None, actor: User, words: Words) -> dict[str, Any]:
    if words.only_agency and writes_for is None:
        raise Refused("You write for no agency here. Choose someone else who may read it.", field="who_reads")
    return {
        "readers": few_readers(assessment, writes_for, actor) if words.few else None,
        "reader_agency": writes_for if words.only_agency else None,
    }


def few_readers(assessment: Assessment, agency: Agency | None, author: User) -> list[int]:
    """The ids of those few who read what is for few: its author, their managers, and who leads now."""
    lead = lead_of(assessment.episode)
    who = {author, *([lead.user] if lead else []), *(managers_of(agency) if agency else [])}
    return sorted(user.pk for user in who)


@transaction.atomic
def ask_more(*, assessment: Assessment, level: str, deeper: bool, actor: User) -> None:
    """Ask what a level of need calls for, or everything; what is written stays."""
    lock_open(assessment)
    Assessment.objects.filter(pk=assessment.pk).update(level=level, deeper=deeper)


@dataclass(frozen=True)
class Kept:
    """A contribution as it was at one of its versions: who saved it when, and what it said."""

    number: int
    user_id: int | None
    at: datetime
    said: dict[Key, str]


def versions(contribution: Contribution) -> list[Kept]:
    """Each version of a contribution that its history knows of, the latest first: from what it says now, back through what was
    changed since, as far as the asker may read it."""
    stamps = list(
        Change.objects.of(contribution)
        .filter(after__version__isnull=False)
        .values_list("pk", "after__version", "user_id", "at")
    )
    rows = Change.objects.in_table(Answer).filter(
        family_id=contribution.family_id, after__contribution_id=contribution.pk
    )
    columns = ("pk", "kind", "before", "after__question", "after__row", "after__box")
    changes = list(rows.order_by("-pk").values_list(*columns))
    said, found = dict(said_in([contribution])[contribution.pk]), []
    for version, (stamp, user_id, at) in _first_of_each(stamps):
        found.append(Kept(version, user_id, at, dict(said)))
        while changes and changes[0][0] > stamp:  # the words come after the stamp of their version
            _undo(said, *changes.pop(0)[1:])
    return found


def _first_of_each(stamps: Sequence[tuple[int, int, int | None, datetime]]) -> list[tuple[int, Any]]:
    """Each version's first stamp, the latest version first."""
    first: dict[int, Any] = {}
    for pk, version, user_id, at in stamps:
        first.setdefault(version, (pk, user_id, at))
    return sorted(((version, stamp) for version, stamp in first.items() if version), reverse=True)


def _undo(said: dict[Key, str], kind: str, before: Mapping[str, Any] | None, question: str, row: int, box: str) -> None:
    if kind == Change.Kind.INSERT:
        said.pop((question, row, box), None)
    elif before and "text" in before:
        said[question, row, box] = before["text"]
        if not before["text"]:
            del said[question, row, box]


def said_at(contribution: Contribution, version: int) -> dict[Key, str] | None:
    """What a contribution said at one of its versions; None where that isn't kept."""
    if version == 0:
        return {}
    return next((kept.said for kept in versions(contribution) if kept.number == version), None)
