"""What the family said, for its page: each decider with their latest word, and what follows when they differ."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery

from consent.case import word as familys_word
from consent.models import Agreement, Signature
from consent.services.competence import decides_alone
from consent.word import Decider, deciders
from earlyhelp.access.actions import Asker
from earlyhelp.access.case import Case
from earlyhelp.core.prepared import Prepared
from families.case import episode, people
from families.models import Person

SAID = {"given": "agreed", "refused": "did not", "withdrawn": "took their agreement back"}


@dataclass(frozen=True)
class Word:
    """One decider and their latest decision; `hidden` when they share too little with the reader's agency; `unasked` while
    they said nothing at all."""

    decider: Decider
    agreement: Agreement | None
    hidden: bool
    unasked: bool


def _decided(family: Any) -> QuerySet[Agreement]:
    """Every decision, also taken back, each with the signature that was drawn for it."""
    drawn = Signature.objects.filter(agreement=OuterRef("pk")).exclude(image="").order_by("-pk")
    rows = Agreement.ever.filter(family=family, continues=None).annotate(drawn=Subquery(drawn.values("pk")[:1]))
    return rows.select_related("person", "created_by", "episode", "mistake__created_by")


DECIDED = Prepared(_decided)


class WordsShown:
    """Who is to decide, what each said last, and every decision before: as far as the asker may know, who reads more
    than basic information of the people in `may_read`."""

    def __init__(self, case: Case, may_read: set[int]) -> None:
        family, word, shown_people = case.family, familys_word(case), people(case)
        self.decisions = DECIDED(family)
        current = episode(case)
        now = [row for row in self.decisions if current and row.episode_id == current.pk and not row.mistake_id]
        latest = {row.person_id: row for row in reversed(now)}
        told_no = word.hidden
        self.words = [
            Word(
                decider,
                latest.get(decider.person.pk),
                decider.person.pk not in may_read,
                decider.person.pk not in word.said and decider.person.pk not in told_no,
            )
            for decider in deciders(word, shown_people)
        ]
        shown = {row.pk for row in latest.values() if row.person_id in {word.decider.person.pk for word in self.words}}
        self.earlier = [row for row in self.decisions if row.pk not in shown]
        self.decided = current is not None and current.pk in {said.episode_id for said in word.said.values()}
        latest_judgement = {pk: row for pk, row in word.judged.items() if pk in may_read}
        self.children = [
            (p, latest_judgement.get(p.pk), decides_alone(p, latest_judgement.get(p.pk)), word.others_choices_end(p))
            for p in shown_people
            if p.kind == Person.Kind.CHILD
        ]

    @property
    def disagreement(self) -> str:
        """A plain sentence when some agreed and others didn't: never an average."""
        spoken = [(w.decider.person.short_name, w.agreement.decision) for w in self.words if w.agreement]
        spoken.sort(key=lambda one: one[1] != Agreement.Decision.GIVEN)
        no = [name for name, decision in spoken if decision != Agreement.Decision.GIVEN]
        if not no or len(no) == len(spoken):
            return ""
        said = " ".join(f"{name} {SAID[decision]}." for name, decision in spoken)
        both = "both" if len(spoken) == 2 else "all of them"
        return f"{said} Talk with {both}; nothing about {' or '.join(no)} is shared."


def readable(people: Iterable[Person], asker: Asker) -> set[int]:
    """Those of whom the asker may know more than basic information: what they share with others is theirs to tell."""
    return {person.pk for person in people if asker.knows_more_of(person.pk)}
