"""Stepping a family down, through the pages and through the services."""

from datetime import date

from django.core.files.base import ContentFile

from consent.models import Agreement, Tier
from consent.services.ledger import record_agreement, record_choices
from consent.word import Choice, Decision
from earlyhelp.access.identity import acting_as, acting_as_system
from earlyhelp.accounts.models import Agency, Role, User
from earlyhelp.core import clock
from families.models import Document, Family, Person
from families.rules import PersonSaid
from families.services import team, wishes
from stepdown.models import StepDown
from stepdown.rules import StepSaid
from stepdown.services import opening, steps
from tests.cast import Cast, make_user

PEOPLE = (
    PersonSaid(kind="adult", first_name="Wanda", last_name="Zeller", date_of_birth=date(1990, 5, 5)),
    PersonSaid(kind="child", first_name="Otto", last_name="Zeller", date_of_birth=date(2017, 6, 9)),
)


def social_care() -> Agency:
    return Agency.objects.get_or_create(name="Children’s social care", kind="social_care")[0]


def social_worker(name: str = "Sasha") -> User:
    return make_user(name, social_care(), Role.SOCIAL_WORKER)


def opened_for(cast: Cast, worker: User, *, by: User | None = None, people=PEOPLE, name: str = "Zeller") -> StepDown:
    said = opening.Opened(
        worker=worker,
        agency=social_care(),
        locality=cast.north,
        family_name=name,
        why="Otto is safe at home, and school mornings are still hard.",
        people=people,
    )
    with acting_as(by or worker):
        return opening.open_step_down(said, actor=by or worker)


def now(step_down: StepDown) -> StepDown:
    with acting_as_system("test"):
        return StepDown.objects.select_related("request", "worker", "episode", "family").get(pk=step_down.pk)


def people_of(family: Family) -> list[Person]:
    with acting_as_system("test"):
        return list(Person.objects.filter(family=family).order_by("date_of_birth"))


def agrees(step_down: StepDown, *agencies: Agency, how: str = "signed", filed: bool = True) -> None:
    """The family agrees, and shares with social care and these agencies."""
    step_down = now(step_down)
    family = step_down.family
    wanda, otto = people_of(family)[:2]
    with acting_as_system("test"):
        record_agreement(
            family=family,
            decision=Decision(
                person=wanda, decision=Agreement.Decision.GIVEN, how=how, decided_on=clock.today(), witness="Sasha"
            ),
            choices=[
                Choice(person=person, agency=agency, tier=Tier.ADDITIONAL, decided_by=wanda)
                for agency in (step_down.agency, *agencies)
                for person in (wanda, otto)
            ],
            actor=step_down.worker,
        )
        if filed:
            Document.objects.create(
                family=family, episode=step_down.episode, kind="agreement", title="Signed", size=1, content_type="application/pdf",
                file=ContentFile(b"%PDF-1.4", "x.pdf"), uploaded_by=step_down.worker, signed_on=clock.today(),
            )  # fmt: skip


def withdraws(step_down: StepDown) -> None:
    step_down = now(step_down)
    with acting_as_system("test"):
        record_agreement(
            family=step_down.family,
            decision=Decision(
                person=people_of(step_down.family)[0],
                decision=Agreement.Decision.WITHDRAWN,
                how="verbal",
                decided_on=clock.today(),
                witness="Sasha",
            ),
            choices=[],
            actor=step_down.worker,
        )


def leads(step_down: StepDown, user: User, agency: Agency) -> None:
    step_down = now(step_down)
    with acting_as(step_down.worker):
        everyone = dict.fromkeys(wishes.missing(step_down.family, step_down.episode), "Alice.")
        wishes.record(family=step_down.family, episode=step_down.episode, wishes=everyone, actor=step_down.worker)
        asked = team.ask_to_lead(
            family=step_down.family, episode=step_down.episode, user=user, agency=agency, actor=step_down.worker
        )
    with acting_as(user):
        team.answer_lead(lead=asked, accept=True, reason="", actor=user)


def step(step_down: StepDown, code: str, *, by: User | None = None, on=None, **said) -> None:
    step_down = now(step_down)
    actor = by or step_down.worker
    words = {"present": "Wanda and Otto", "words": "They would like it."} | said
    with acting_as(actor):
        steps.record(step_down=step_down, code=code, said=StepSaid(on or clock.today(), **words), actor=actor)


def choices_of(family: Family, agency: Agency, tier: Tier, actor: User) -> None:
    """Everyone is asked again what they share with an agency."""
    everyone = people_of(family)
    with acting_as_system("test"):
        record_choices(
            family=family,
            choices=[Choice(person, agency, tier, everyone[0]) for person in everyone],
            actor=actor,
        )
