"""What ends asks what hangs on it: nothing is left hanging, and nobody is surprised."""

from datetime import timedelta

import pytest
from django.urls import reverse

from earlyhelp.access.identity import acting_as, acting_as_system
from earlyhelp.core.errors import Refused
from earlyhelp.notifications.models import Notification
from earlyhelp.timescales import services as timescales
from earlyhelp.timescales.models import Extension, Timescale
from families.models import Episode, EpisodeEnd, TeamMember
from families.services import episodes, team
from plans import services as plans
from plans.models import Action, Plan
from plans.rules import EndSaid, Result
from tests.cast import make_user, new_family
from tests.pages import opened, text_of
from tests.plans.helpers import agreed_plan, review_answers


def told(user, kind) -> int:
    with acting_as_system("test"):
        return Notification.objects.filter(user=user, kind=kind).count()


def end_url(family) -> str:
    return reverse("end_episode", args=[family.reference])


@pytest.fixture
def planned(cast, family):
    """An agreed plan with open actions, someone invited, and more time asked for."""
    agreed_plan(cast, family)
    with acting_as(cast.alice):
        zoe = make_user("Zoe", cast.health)
        team.invite(
            family=family, episode=family.episode(), user=zoe, agency=cast.health, role="contributor", actor=cast.alice
        )
    with acting_as(cast.charlie):
        review = Timescale.objects.get(family=family, kind="review")
        timescales.ask_extension(
            timescale=review, reason="Grace is ill.", due_at=review.due_at + timedelta(days=3), actor=cast.charlie
        )
    return zoe


def answers(client, family, **changes):
    form = opened(client, end_url(family))
    results = {name: "done" for name in client.get(end_url(family)).context["form"].fields if "result_" in name}
    return form | {"reason": "met", "end_agreed": "all"} | results | changes


def test_the_page_says_what_hangs_on_it_and_what_becomes_of_each(cast, sign_in, family, planned):
    page = text_of(sign_in(cast.alice).get(end_url(family)))
    for line in (
        "Charlie (Health visiting) leaves the team, and sees the record no more.",
        "Zoe is invited to the team: that is taken back.",
        "Charlie asked for more time: that is taken back, and they are told.",
        "isn’t held.",
        "deadlines that run stop.",
        "If you end it at a review, record the review instead",
        "What each open action came to",
    ):
        assert line in page, line


def test_two_clicks_do_not_end_a_plan_in_the_middle(cast, sign_in, family, planned):
    alice = sign_in(cast.alice)
    page = text_of(alice.post(end_url(family), opened(alice, end_url(family)) | {"reason": "met"}))
    assert "Select whether the children, the family and the others at the review agree to the end" in page
    assert "Select what action 1 came to" in page
    with acting_as(cast.alice):
        assert Episode.objects.get(family=family).ended_at is None


def test_as_needs_fully_met_with_an_action_not_done_says_which_and_asks_what_becomes_of_it(
    cast, sign_in, family, planned
):
    alice = sign_in(cast.alice)
    sent = answers(alice, family)
    first = next(name for name in sent if name.startswith("result_"))
    page = text_of(alice.post(end_url(family), sent | {first: "not_done"}))
    assert "Enter what becomes of action 1, which isn’t done, now that early help ends" in page
    note = first.replace("result_", "note_")
    assert alice.post(end_url(family), sent | {first: "goes_on", note: "The school goes on."}).status_code == 302
    with acting_as(cast.alice):
        action = Action.objects.get(pk=first.removeprefix("result_"))
        assert (action.status, action.at_end) == ("goes_on", "The school goes on.")
        assert Plan.objects.get().status == "ended"


def test_a_review_ends_by_the_same_rule(cast, sign_in, family, planned):
    alice = sign_in(cast.alice)
    sent = review_answers(cast, family, decision="end_met", next_review_on_day=None)
    first = next(name for name in sent if name.startswith("result_"))
    url = reverse("hold_review", args=[family.reference])
    page = text_of(alice.post(url, {k: v for k, v in sent.items() if v is not None} | {first: "not_done"}))
    assert "Enter what becomes of action 1, which isn’t done" in page


def test_whoever_had_a_part_is_told_once_and_what_waited_is_withdrawn(cast, sign_in, family, planned):
    alice = sign_in(cast.alice)
    assert alice.post(end_url(family), answers(alice, family)).status_code == 302
    for user in (cast.charlie, planned):
        assert told(user, "families.ended") == 1
    assert told(cast.alice, "families.ended") == 0
    assert told(cast.charlie, "timescales.extension_withdrawn") == 1
    with acting_as_system("test"):
        assert not TeamMember.objects.filter(family=family, status__in=["invited", "accepted"]).exists()
        assert Extension.objects.get().status == "withdrawn"


def test_an_ended_thing_accepts_no_decision(cast, sign_in, family, planned):
    with acting_as_system("test"):
        extension = Extension.objects.get()
        due = extension.timescale.due_at
    manager = sign_in(cast.manager)
    assert "Decide on more time" in text_of(manager.get("/"))
    alice = sign_in(cast.alice)
    alice.post(end_url(family), answers(alice, family))
    assert "Decide on more time" not in text_of(manager.get("/"))
    url = reverse("decide_extension", args=[family.reference, extension.pk])
    answer = manager.post(url, {"answer": "yes", "reason": ""})
    assert answer.status_code == 403
    assert "early help has ended" in text_of(answer)
    with acting_as(cast.manager), pytest.raises(Refused, match="early help has ended"):
        timescales.decide_extension(extension=extension, approve=True, reason="", actor=cast.manager)
    with acting_as_system("test"):
        assert Timescale.objects.get(pk=extension.timescale_id).due_at == due


def test_a_clock_that_rests_accepts_no_decision_either(cast, family, planned):
    with acting_as_system("test"):
        timescales.stop(family_id=family.pk, because="agreement withdrawn")
        extension = Extension.objects.select_related("timescale").get()
    with acting_as(cast.manager), pytest.raises(Refused, match="This deadline has stopped"):
        timescales.decide_extension(extension=extension, approve=True, reason="", actor=cast.manager)


@pytest.mark.parametrize(
    ("reason", "asked"),
    [("single_agency", "Enter which agency goes on, and who there"), ("other", "Enter what happened")],
)
def test_some_reasons_ask_for_more(cast, sign_in, reason, asked):
    family = new_family(cast)
    alice = sign_in(cast.alice)
    assert asked in text_of(alice.post(end_url(family), {"reason": reason}))
    sent = {"reason": reason, "end_agency": "The school, Ms Bell", "end_note": "They moved away."}
    assert alice.post(end_url(family), sent).status_code == 302
    with acting_as_system("test"):
        end = EpisodeEnd.objects.get(episode__family=family)
    assert text_of(sign_in(cast.service).get(family.get_absolute_url())).count("Goes on: The school") == (
        reason != "other"
    )
    assert (end.agency, end.note) == (
        ("The school, Ms Bell", "") if reason == "single_agency" else ("", "They moved away.")
    )


def test_a_plan_ends_with_its_episode_whichever_way(cast, family, planned):
    with acting_as(cast.alice):
        episodes.end(episode=family.episode(), reason="step_up", actor=cast.alice)
        plan = Plan.objects.get()
        assert (plan.status, plan.next_review_on) == ("ended", None)
        assert not Action.objects.filter(status="open").exists()


def test_the_service_refuses_what_the_page_refuses(cast, family, planned):
    with acting_as(cast.alice):
        actions = Action.objects.exclude(status__in=Action.SETTLED)
        results = {action.pk: Result("not_done") for action in actions}
        with pytest.raises(Refused, match="Enter what becomes of action 1"):
            plans.end_early_help(
                episode=family.episode(), said=EndSaid("met", results, end_agreed="all"), actor=cast.alice
            )


def test_who_leaves_the_team_hands_on_what_they_were_to_do_and_is_told(cast, sign_in, family, planned):
    with acting_as_system("test"):
        action = Action.objects.exclude(status__in=Action.SETTLED).first()
        Action.objects.filter(pk=action.pk).update(user=cast.charlie, person=None)
        member = TeamMember.objects.get(user=cast.charlie)
    alice, url = sign_in(cast.alice), reverse("end_membership", args=[family.reference, member.pk])
    page = text_of(alice.get(url))
    assert "Charlie is still to do this. It passes to Alice:" in page
    assert action.text in page
    assert "Select why it ends" in text_of(alice.post(url))
    assert alice.post(url, {"why": "mistake"}).status_code == 302
    assert "was on the team by mistake" in text_of(alice.get(f"{family.get_absolute_url()}chronology/"))
    with acting_as(cast.alice):
        assert Action.objects.get(pk=action.pk).user == cast.alice
    assert told(cast.charlie, "families.access_ended") == 1


def test_a_lead_who_leaves_hands_on_what_they_were_to_do(cast, family, planned):
    with acting_as(cast.alice):
        mine = Action.objects.filter(user=cast.alice).exclude(status__in=Action.SETTLED).count()
        assert mine
        lead = team.ask_to_lead(
            family=family, episode=family.episode(), user=cast.charlie, agency=cast.health, without_wish="Yes.",
            stays=False, actor=cast.alice,
        )  # fmt: skip
    with acting_as(cast.charlie):
        team.answer_lead(lead=lead, accept=True, reason="", actor=cast.charlie)
        assert not Action.objects.filter(user=cast.alice).exclude(status__in=Action.SETTLED).exists()


def test_nobody_meets_alone(cast, sign_in, family, planned):
    alice = sign_in(cast.alice)
    sent = {k: v for k, v in review_answers(cast, family).items() if v is not None and not k.startswith("person_")}
    sent |= {"others": "", f"user_{cast.charlie.pk}": "apologies"}
    page = text_of(alice.post(reverse("hold_review", args=[family.reference]), sent))
    assert "Select who came besides you. If nobody else did, select that there was no meeting" in page
