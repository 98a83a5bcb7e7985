"""Someone who decided for others died or left: what they said holds a few days longer, and who decides now is asked."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from consent.clocks import OWN_WORD, WHO_DECIDES
from consent.models import Agreement, Tier
from consent.services import ledger
from consent.word import FamilysWord, Row
from earlyhelp.accounts.models import User
from earlyhelp.timescales import services as timescales
from families.models import Person
from families.services.running import runner_of


def let_run_out(person: Person, actor: User) -> None:
    """What they agreed to, and chose for others, ends by the day on which whoever decides now has been asked."""
    timescales.of(OWN_WORD, person).filter(met_at=None).delete()
    family, word = person.family, FamilysWord.of(person.family)
    others = {
        pair: made
        for pair, made in word.made.items()
        if made.by == person.pk != pair[0] and made.held.at(word.now).tier > Tier.NONE
    }
    agreement = word.said[person.pk] if person.pk in word.agree else None
    if not others and agreement is None:
        return
    runner = runner_of(word.episode) if word.episode else None
    whose: dict[str, Any] = {"owner": runner.user, "owner_agency": runner.agency} if runner else {}
    task = timescales.start(WHO_DECIDES, person, about=family, at=word.now, family_id=family.pk, **whose)
    if agreement:
        _ends_sooner(agreement, person, task.due_at, actor=actor)
    rows = (
        Row(pair, replace(made, held=made.held._replace(until=_sooner(made.held.until, task.due_at))))
        for pair, made in others.items()
    )
    ledger.write(rows, family=family, actor=actor, at=word.now, together=person.leaving)


def _ends_sooner(agreement: Agreement, person: Person, end: datetime, *, actor: User) -> None:
    same = (
        "episode",
        "decision",
        "how",
        "decided_on",
        "witness",
        "wording",
        "procedure",
        "explained",
        "language",
        "helped_by",
    )
    kept = {name: getattr(agreement, name) for name in (*same, "competence", "wishes", "scan")}
    Agreement.objects.create(
        **kept,
        family=person.family,
        person=person,
        until=_sooner(agreement.until, end),
        continues=agreement,
        together=person.leaving,
        created_by=actor,
    )


def _sooner(one: datetime | None, other: datetime) -> datetime:
    return min(one, other) if one else other


def nobody_to_ask_about(person: Person, *_: object) -> None:
    """They are here after all, or never were: nobody else has to be asked in their place."""
    timescales.of(WHO_DECIDES, person).filter(met_at=None).delete()
