"""One person's no beside another's yes: whoever runs the support hears them again, and nobody else knows of them."""

from consent.models import Tier
from consent.services.ledger import record_agreement, record_choices
from consent.word import Choice, Decision
from earlyhelp.access.identity import acting_as, acting_as_system
from earlyhelp.core import clock
from families.models import Person, TeamMember
from families.services import team
from tests.cast import add_sibling, episode_of


def says(cast, family, person, decision):
    with acting_as(cast.alice):
        record_agreement(family=family, decision=Decision(person=person, decision=decision, how="verbal", decided_on=clock.today(), witness="Alice"), choices=[], actor=cast.alice)  # fmt: skip


def sees(user, person) -> bool:
    with acting_as(user):
        return Person.objects.filter(pk=person.pk).exists()


def test_a_fathers_no_reaches_the_leads_colleagues_and_follows_a_handover(cast, family):
    tunde = add_sibling(family, cast.alice, kind="adult", first_name="Tunde", last_name="Okafor")
    with acting_as(cast.alice):
        choices = [Choice(tunde, agency, Tier.ADDITIONAL, tunde) for agency in (cast.school, cast.health)]
        record_choices(family=family, choices=choices, actor=cast.alice)
    with acting_as_system("test"):
        TeamMember.objects.create(
            family=family, episode=episode_of(family), user=cast.bob, agency=cast.school, role="contributor",
            status="accepted", invited_by=cast.alice, invited_at=clock.now(),
        )  # fmt: skip
    assert all(sees(user, tunde) for user in (cast.alice, cast.bob, cast.charlie))
    says(cast, family, tunde, "refused")
    assert sees(cast.alice, tunde)
    assert not sees(cast.bob, tunde)
    assert not sees(cast.charlie, tunde)
    with acting_as(cast.alice):
        lead = team.ask_to_lead(
            family=family, episode=episode_of(family), user=cast.charlie, agency=cast.health, without_wish="Charlie",
            actor=cast.alice,
        )  # fmt: skip
    with acting_as(cast.charlie):
        team.answer_lead(lead=lead, accept=True, reason="", actor=cast.charlie)
    assert not sees(cast.bob, tunde)
    says(cast, family, tunde, "given")
    assert sees(cast.bob, tunde)
