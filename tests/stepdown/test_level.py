"""The level of help changes in one record: up, with someone who oversees; down, once they agree (R1, R2)."""

import pytest
from django.urls import reverse

from consent.models import Agreement, Tier
from consent.services.ledger import record_agreement
from consent.word import Decision
from earlyhelp.access.identity import acting_as, acting_as_system
from earlyhelp.accounts.models import Role
from earlyhelp.core import clock
from earlyhelp.core.errors import Refused
from families.models import Episode, Family, Person, TeamMember
from families.models.episodes import HelpLevel
from families.services import episodes
from plans.services import meetings
from plans.services.meetings import MeetingSaid
from stepdown.models import LevelChange, StepDown
from stepdown.rules import StepSaid
from stepdown.services import completing, gate, level, opening, steps, stepup
from stepdown.services.stepup import Said
from tests.access.test_doors import person_of
from tests.cast import make_user, mother, set_procedure
from tests.pages import opened, text_of
from tests.plans.helpers import day
from tests.stepdown.helpers import choices_of, now, social_care

CIN = "Family help for a child in need"


@pytest.fixture
def family_help(cast, family):
    """A council that helps children in need in the same record; a social worker is on the team of a family with early help."""
    set_procedure({"help_levels.child_in_need": CIN})
    overseer = make_user("Odette", social_care(), Role.SOCIAL_WORKER)
    choices_of(family, social_care(), Tier.ADDITIONAL, cast.alice)
    with acting_as_system("test"):
        TeamMember.objects.create(
            family=family, episode=family.episode(), user=overseer, agency=social_care(), invited_by=cast.alice,
            invited_at=clock.now(), status=TeamMember.Status.ACCEPTED,
        )  # fmt: skip
    return overseer


def raised(cast, family, overseer, *, countersigned=False):
    with acting_as(cast.alice):
        change = level.set_level(
            episode=family.episode(), level=HelpLevel.CHILD_IN_NEED, on=clock.today(), reason="Risks grow.",
            overseer=overseer, actor=cast.alice,
        )  # fmt: skip
    if countersigned:
        with acting_as(overseer):
            level.countersign(change=change, actor=overseer)
    return change


def at(family, name, *more):
    return reverse(name, args=[family.reference, *more])


def test_the_level_goes_up_in_the_same_record_and_the_overseer_countersigns(cast, family, family_help, sign_in):
    client = sign_in(cast.alice)
    page = client.get(at(family, "raise_level"))
    assert "Odette" in text_of(page)
    assert "Alice" not in page.context["form"].overseers.values()
    said = {"overseer": family_help.pk, "reason": "Needs are not met, and risks grow."} | day("on", clock.today())
    page = client.post(at(family, "raise_level"), opened(client, at(family, "raise_level")) | said, follow=True)
    assert CIN in text_of(page)
    assert "Waits to be countersigned" in text_of(page)
    assert f"{CIN}, overseen by Odette" in text_of(client.get(family.get_absolute_url()))
    with acting_as_system("test"):
        change = LevelChange.objects.get()
    assert client.get(at(family, "countersign_level", change.pk)).status_code == 403
    client = sign_in(family_help)
    sign = at(family, "countersign_level", change.pk)
    page = client.post(sign, opened(client, sign), follow=True)
    assert "Countersigned by Odette" in text_of(page)
    assert "Level of help: Family help for a child in need" in text_of(client.get(at(family, "chronology")))


def test_where_social_care_has_a_system_of_its_own_no_level_is_offered(cast, family, sign_in):
    client = sign_in(cast.alice)
    page = client.get(at(family, "raise_level"))
    assert page.status_code == 403
    assert "a system of its own" in text_of(page)
    assert "raise_level" not in client.get(at(family, "level_of_help")).content.decode()


def test_only_who_is_qualified_and_reads_the_record_and_does_not_lead_oversees(cast, family, family_help):
    stranger = make_user("Stranger", social_care(), Role.SOCIAL_WORKER)
    with acting_as(cast.alice):
        assert level.may_oversee(family.episode()) == [family_help]
    for nobody in (stranger, cast.alice, cast.charlie):
        with pytest.raises(Refused, match="can’t oversee"):
            raised(cast, family, nobody)


def test_with_nobody_who_can_oversee_the_page_says_what_to_do(cast, family, sign_in):
    set_procedure({"help_levels.child_in_need": CIN})
    page = text_of(sign_in(cast.alice).get(at(family, "raise_level")))
    assert "Invite a social worker" in page


def met(family, overseer, *, clear=True):
    said = MeetingSaid(kind="cin", on=clock.today(), outcomes="x", others=("Grace",), plan_is_clear=clear, told="Told.")
    with acting_as(overseer):
        meetings.record(family=family, episode=family.episode(), said=said, actor=overseer)


def test_it_goes_down_by_route_b_and_nothing_changes_hands_but_the_level(cast, family, family_help, sign_in):
    """The agreement of the record counts as it is; the lead, the team, the plan and the record stay."""
    raised(cast, family, family_help, countersigned=True)
    with acting_as_system("test"):
        before = {
            "lead": list(family.episode().leads.values_list("pk", "user", "status")),
            "team": list(TeamMember.objects.filter(family=family).values_list("pk", "status")),
            "people": list(Person.objects.filter(family=family).values_list("pk", flat=True)),
            "episode": family.episode().pk,
            "families": Family.objects.count(),
        }
    client = sign_in(cast.alice)
    url = at(family, "step_down_within")
    said = {"why": "School is going well, and the last two reviews found progress."}
    page = client.post(url, opened(client, url) | said, follow=True)
    html = text_of(page)
    assert "The family can’t step down yet" in html
    for crossing in ("case notes", "Check for an earlier record", "Visit the family together", "Bring the analysis"):
        assert crossing not in html
    with acting_as_system("test"):
        step_down = StepDown.objects.get(within=True)
        Agreement.objects.filter(family=family).update(how="drawn")
    met(family, family_help)
    with acting_as(cast.alice):
        steps.choose_route(step_down=step_down, route="b", actor=cast.alice)
    assert [gap.code for gap in gate.gate(now(step_down))] == ["overseer"]
    agree = reverse("record_step", args=[step_down.reference, "overseer"])
    assert client.get(agree).status_code == 403
    client = sign_in(family_help)
    client.post(agree, opened(client, agree) | {"words": "Two reviews with progress."} | day("on", clock.today()))
    client = sign_in(cast.alice)
    done = reverse("complete_step_down", args=[step_down.reference])
    page = client.get(done)
    assert "leads as before" in text_of(page)
    client.post(
        done, opened(client, done) | {"family_told": "At home, at the visit.", "without": "They want no other service."}
    )
    with acting_as_system("test"):
        episode = Episode.objects.get(pk=before["episode"])
        assert episode.help_level == HelpLevel.EARLY_HELP
        assert episode.overseer is None
        assert episode.ended_at is None
        assert list(episode.leads.values_list("pk", "user", "status")) == before["lead"]
        assert list(TeamMember.objects.filter(family=family).values_list("pk", "status")) == before["team"]
        assert list(Person.objects.filter(family=family).values_list("pk", flat=True)) == before["people"]
        assert Family.objects.count() == before["families"]
        last = LevelChange.objects.last()
    assert (last.level, last.decided_by, last.overseer) == ("early_help", cast.alice, family_help)
    assert last.countersigned_at


def within(cast, family, overseer):
    raised(cast, family, overseer, countersigned=True)
    with acting_as(cast.alice):
        return opening.open_within(family=family, episode=family.episode(), why="It is well.", actor=cast.alice)


def test_the_level_does_not_go_down_without_the_overseer(cast, family, family_help):
    step_down = within(cast, family, family_help)
    with acting_as(cast.alice), pytest.raises(Refused):
        completing.complete(step_down=step_down, family_told="At home", actor=cast.alice)
    with acting_as(cast.service), pytest.raises(Refused, match="no exception"):
        steps.allow_exception(step_down=step_down, code="overseer", reason="She is away.", actor=cast.service)


def test_route_b_needs_a_meeting_whose_plan_is_clear(cast, family, family_help):
    step_down = within(cast, family, family_help)
    with acting_as_system("test"):
        Agreement.objects.filter(family=family).update(how="drawn")
    met(family, family_help, clear=False)
    with acting_as(cast.alice), pytest.raises(Refused, match="clear plan"):
        steps.choose_route(step_down=step_down, route="b", actor=cast.alice)


def test_whoever_may_not_do_a_step_reads_who_can_and_gets_no_link(cast, family, family_help, sign_in):
    step_down = within(cast, family, family_help)
    with acting_as_system("test"):
        Agreement.objects.filter(family=family).update(how="verbal")
    page = sign_in(family_help).get(step_down.get_absolute_url())
    assert "Alice, who leads, can put it right." in text_of(page)
    assert at(family, "record_agreement") not in page.content.decode()
    assert at(family, "record_agreement") in sign_in(cast.alice).get(step_down.get_absolute_url()).content.decode()
    with acting_as_system("test"):
        Agreement.objects.filter(family=family).update(how="signed")
    page = sign_in(family_help).get(step_down.get_absolute_url()).content.decode()
    assert at(family, "file_scan") not in page
    assert at(family, "file_document") in page


def test_a_meeting_of_another_kind_or_without_a_clear_plan_is_named_and_does_not_count(
    cast, family, family_help, sign_in
):
    step_down = within(cast, family, family_help)
    with acting_as_system("test"):
        Agreement.objects.filter(family=family).update(how="drawn")
    with acting_as(cast.alice), pytest.raises(Refused, match="a meeting of another kind doesn’t count"):
        steps.choose_route(step_down=step_down, route="b", actor=cast.alice)
    met(family, family_help, clear=False)
    with acting_as(cast.alice), pytest.raises(Refused, match="doesn’t say that the plan to step down is clear"):
        steps.choose_route(step_down=step_down, route="b", actor=cast.alice)
    page = text_of(sign_in(cast.alice).get(step_down.get_absolute_url()))
    entered = page[page.index("Enter what came of the meeting") :]
    assert "Child in need meeting, 23 November 2026" in entered[:200]


def test_a_second_one_is_refused_and_the_new_overseer_takes_it_over(cast, family, family_help):
    step_down = within(cast, family, family_help)
    with acting_as(cast.alice), pytest.raises(Refused, match="under way"):
        opening.open_within(family=family, episode=family.episode(), why="Again it is.", actor=cast.alice)
    other = make_user("Ottilie", social_care(), Role.MANAGER)
    with acting_as_system("test"):
        TeamMember.objects.create(
            family=family, episode=family.episode(), user=other, agency=social_care(), invited_by=cast.alice,
            invited_at=clock.now(), status=TeamMember.Status.ACCEPTED,
        )  # fmt: skip
    with acting_as(family_help):
        said = StepSaid(clock.today(), "", "It may go down.")
        steps.record(step_down=step_down, code="overseer", said=said, actor=family_help)
    change = raised(cast, family, other)
    assert "overseer" in [gap.code for gap in gate.gate(now(step_down))]  # who agreed before oversees it no more
    with acting_as_system("test"):
        assert StepDown.objects.get(pk=step_down.pk).worker == other
    with acting_as(other):
        said = StepSaid(clock.today(), "", "It may go down.")
        with pytest.raises(Refused, match="Countersign first"):
            steps.record(step_down=step_down, code="overseer", said=said, actor=other)
        level.countersign(change=change, actor=other)
        steps.record(step_down=step_down, code="overseer", said=said, actor=other)


def test_an_overseer_who_leaves_the_team_is_named_as_gone(cast, family, family_help, sign_in):
    raised(cast, family, family_help)
    choices_of(family, social_care(), Tier.NONE, cast.alice)
    page = text_of(sign_in(cast.alice).get(at(family, "level_of_help")))
    assert "name someone else" in page
    with acting_as(cast.alice), pytest.raises(Refused, match="Name someone who oversees first"):
        opening.open_within(family=family, episode=family.episode(), why="It is well.", actor=cast.alice)


@pytest.mark.parametrize("reason", ["met", "single_agency", "universal", "other"])
def test_help_for_a_child_in_need_is_not_ended_past_the_overseer(cast, family, family_help, reason):
    raised(cast, family, family_help)
    with acting_as(cast.alice), pytest.raises(Refused, match="Odette has to agree"):
        episodes.end(episode=family.episode(), reason=reason, actor=cast.alice)
    with acting_as_system("test"):
        assert family.episode().ended_at is None


@pytest.mark.parametrize("reason", ["step_up", "not_agreed"])
def test_a_family_that_social_care_takes_or_that_says_no_waits_for_nobody(cast, family, family_help, reason):
    raised(cast, family, family_help)
    with acting_as(cast.alice):
        with pytest.raises(Refused, match="Odette has to agree"):  # it isn’t so yet
            episodes.end(episode=family.episode(), reason=reason, actor=cast.alice)
        if reason == "step_up":
            said = Said(about=[], ground="harm", what="x", tried="", agreed="no", because="child_harm")
            stepup.step_up(family=family, episode=family.episode(), said=said, actor=cast.alice, agency=cast.school)
        else:
            no = Decision(person=person_of(family, mother), decision="withdrawn", how="verbal", decided_on=clock.today(), witness="Alice")  # fmt: skip
            record_agreement(family=family, decision=no, choices=[], actor=cast.alice)
        episodes.end(episode=family.episode(), reason=reason, actor=cast.alice)
    with acting_as_system("test"):
        assert family.episode().ended_at
