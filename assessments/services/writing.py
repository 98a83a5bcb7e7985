"""Several people write an assessment at the same time: each their own words, beside each other's."""

from collections.abc import Mapping, Sequence
from dataclasses import KW_ONLY, dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import F

from assessments.kinds import Key, Said, boxes
from assessments.models import Answer, Assessment, Contribution
from assessments.reading import said_in
from assessments.rules import not_yours_to_change
from assessments.services import asking
from assessments.services.locking import lock_open
from earlyhelp.access.models import Change
from earlyhelp.accounts.models import Agency, User
from earlyhelp.accounts.roles import managers_of
from earlyhelp.core import clock
from earlyhelp.core.errors import Refused, Stale
from earlyhelp.core.text import number
from earlyhelp.core.versions import CHANGED, WITHHELD
from families.models import Person
from families.services.running import lead_of


@dataclass(frozen=True)
class Told:
    """Who said what another typed for them, how it came, and on which day (ROT-29)."""

    by: str
    how: str
    on: date


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
) -> Contribution:
    """Write one's own words in a part, for an agency, on top of the `version` that their writer saw.

    Raises Stale when the same person saved something else there in between; nothing is overwritten.
    """
    lock_open(assessment)
    told = words.told
    shown = {"told_by": "", "readers": None, "reader_agency": None}
    whose = {"assessment": assessment, "part": part, "person": person, "author": actor, "agency": agency}
    found = None
    if not (told or words.few or words.only_agency):
        found = Contribution.objects.filter(**whose, **shown).first()
    if found is None:
        more = {"told_by": told.by, "told_how": told.how, "told_on": told.on} if told else {}
        narrow = _readers(assessment, agency, actor, words)
        found = Contribution.objects.create(family_id=assessment.family_id, created_by=actor, **whose, **more, **narrow)
    return _save(found, words, version, actor)


@transaction.atomic
def change(*, contribution: Contribution, words: Words, version: int, actor: User) -> Contribution:
    """Change what one wrote. Raises Stale as `write` does."""
    lock_open(contribution.assessment)
    if reason := not_yours_to_change(contribution, actor):
        raise Refused(reason)
    return _save(contribution, words, version, actor)


def _save(contribution: Contribution, words: Words, version: int, actor: User) -> Contribution:
    before = said_in([contribution])[contribution.pk]
    said = {key: text for key, text in words.said.items() if text or key in before}
    narrow = _readers(contribution.assessment, contribution.agency, actor, words)
    state = Contribution.State.READY if words.ready else Contribution.State.BEGUN
    stamp: dict[str, Any] = {"state": state, "kept_from": list(words.kept_from), "saved_at": clock.now(), **narrow}
    if contribution.carried_from_id:
        stamp["checked_by"] = actor
    rows = Contribution.objects.filter(pk=contribution.pk)
    if not rows.filter(version=version).update(**stamp, version=F("version") + 1):
        now = rows.first()
        if now is None or now.version == version:
            raise Refused(WITHHELD)
        if any(before.get(key, "") != text for key, text in said.items()):
            raise Stale(CHANGED)
        return contribution
    narrower = (contribution.readers, contribution.reader_agency_id) != (
        narrow["readers"], narrow["reader_agency"] and narrow["reader_agency"].pk,
    )  # fmt: skip
    if narrower:
        Answer.objects.filter(contribution=contribution).update(**narrow)
    _keep(contribution, before, said, narrow, actor)
    if words.ready:
        asking.sent(assessment=contribution.assessment, part=contribution.part, agency=contribution.agency, actor=actor)
    contribution.refresh_from_db(fields=["version", *stamp])
    return contribution


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


def _readers(assessment: Assessment, agency: Agency | None, actor: User, words: Words) -> dict[str, Any]:
    readers = None
    if words.few:
        lead = lead_of(assessment.episode)
        who = {actor, *([lead.user] if lead else []), *(managers_of(agency) if agency else [])}
        readers = sorted(user.pk for user in who)
    return {"readers": readers, "reader_agency": agency if words.only_agency else None}


@transaction.atomic
def ask_more(*, assessment: Assessment, level: str, deeper: bool, actor: User) -> None:
    """Ask what a level of need calls for, or everything; what is written stays."""
    lock_open(assessment)
    Assessment.objects.filter(pk=assessment.pk).update(level=level, deeper=deeper)


def said_at(contribution: Contribution, version: int) -> dict[Key, str] | None:
    """What a contribution said at one of its versions, from its history; None where that isn't kept."""
    kept = Change.objects.of(contribution)
    if not kept.filter(after__version=version).exists():
        return None
    rows = Change.objects.in_table(Answer).filter(
        family_id=contribution.family_id, after__contribution_id=contribution.pk
    )
    since = (
        kept.filter(after__version=version + 1).values_list("pk", flat=True).first()
    )  # the words come after the stamp
    if since:
        rows = rows.filter(pk__lt=since)
    found: dict[Key, str] = {}
    columns = [f"after__{name}" for name in ("question", "row", "box", "text")]
    for question, row, box, text in rows.order_by("pk").values_list(*columns):
        found[question, row, box] = text
    return {key: text for key, text in found.items() if text}
