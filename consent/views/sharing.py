"""What the family agreed, what each person shares with whom, and what follows from a no."""

from dataclasses import dataclass
from datetime import date, datetime

from django.http import HttpRequest, HttpResponse

from consent import case as consent_case
from consent import policies
from consent.models import Agreement, ExcludedPerson, Tier
from consent.presenters import WordsShown, readable
from consent.services.ledger import (
    agreed,
    running_agency,
    tier_of,
)
from earlyhelp.access.levels import Level
from earlyhelp.access.views import FamilyView
from earlyhelp.accounts.models import Agency
from earlyhelp.core import clock
from earlyhelp.core.prepared import Among, Prepared
from families import case as family_case
from families import policies as family_policies
from families.models import Document

SHORT = {Tier.NONE: "Nothing", Tier.BASIC: "Basic", Tier.ADDITIONAL: "Additional"}
TIER_COLOURS = {Tier.NONE: "grey", Tier.BASIC: "yellow", Tier.ADDITIONAL: "green"}


@dataclass(frozen=True)
class Cell:
    """What one person lets one agency know now, until when, when they are asked again, and who decided it when."""

    tier: int
    never: bool
    until: datetime | None
    review_on: date | None
    decided_by: str
    decided_on: date

    @property
    def words(self) -> str:
        return "Never share" if self.never else SHORT[Tier(self.tier)]

    @property
    def colour(self) -> str:
        return "red" if self.never else TIER_COLOURS[Tier(self.tier)]


AGENCIES = Prepared(lambda ids: Agency.objects.filter(Among("pk", ids)).order_by("name"))
SCANS = Prepared(lambda family: Document.objects.filter(family=family, kind=Document.Kind.AGREEMENT))
EXCLUDED = Prepared(
    lambda family: ExcludedPerson.objects.filter(family=family).select_related("decided_by", "created_by")
)


class Sharing(FamilyView):
    """What the family agreed, and what each person lets each agency know."""

    action = policies.SEE_SHARING
    template_name = "consent/sharing.html"

    def get(self, request: HttpRequest, reference: str) -> HttpResponse:
        people, word, now = family_case.people(self.case), consent_case.word(self.case), clock.now()
        may_record, may_read = self.may(policies.RECORD), readable(people, self.asker)
        shown = [person for person in people if may_record or person.pk in may_read]
        names = {person.pk: person.short_name for person in people}
        seen = {person.pk for person in shown}
        cells: dict[int, dict[int, Cell]] = {}
        for (person, agency), made in word.made.items():
            if person in seen:
                cells.setdefault(agency, {})[person] = Cell(*made.held.at(now), names.get(made.by, ""), made.on)
        agencies = AGENCIES(list(cells)) if cells else []
        rows = [(person, [(agency, cells[agency.pk].get(person.pk)) for agency in agencies]) for person in shown]
        return self.page(
            word=WordsShown(self.case, may_read),
            people=people,
            agencies=agencies,
            rows=rows,
            stoppable={agency for agency, told in cells.items() if any(cell.tier for cell in told.values())},
            scans=SCANS(self.family),
            may_share_lawfully=self.may(policies.SHARE_LAWFULLY),
            may_see_given=self.may(policies.SEE_DISCLOSURES),
            excluded=EXCLUDED(self.family),
            running=word.running,
            may_record=may_record,
            may_change=self.may(policies.CHANGE_CHOICES),
            may_withdraw=self.may(policies.WITHDRAW),
            may_open=self.asker.level >= Level.LEAD,
            may_open_signature=self.may(policies.OPEN_SIGNATURE),
            may_exclude=self.may(policies.EXCLUDE),
        )


class WhatFollows(FamilyView):
    """After a no: what follows from it, and what can still be done for the family."""

    action = policies.SEE_WHAT_FOLLOWS
    template_name = "consent/what_follows.html"

    def get(self, request: HttpRequest, reference: str) -> HttpResponse:
        episode = self.family.episode()
        running = running_agency(self.family)
        agrees = bool(episode and agreed(episode))
        return self.page(
            agrees=agrees,
            running=running,
            running_may_know=bool(running and tier_of(self.family, running) == Tier.ADDITIONAL),
            may_record=self.may(policies.RECORD),
            may_end=self.may(family_policies.END_EPISODE),
            may_hand_over=self.may(family_policies.ASK_TO_LEAD),
            may_see_sharing=self.may(policies.SEE_SHARING),
            said_no=self.said_no() if self.may(policies.TAKE_BACK) else [],
        )

    def said_no(self) -> list[Agreement]:
        """The latest word of each who said no and of whom the asker may know: any of them may have been a mistake."""
        seen = {person.pk for person in self.family.everyone()}
        no = consent_case.word(self.case).said_no
        return [word for pk, word in no.items() if pk in seen and word.together]
