from earlyhelp.access.identity import acting_as_system
from earlyhelp.core import clock
from earlyhelp.notifications.models import Notification
from earlyhelp.notifications.registry import Notice, words
from earlyhelp.notifications.tasks import deliver
from families.models import TeamMember
from families.notices import AccessEnded, AskedToLead
from plans.notices import ReviewHeld


def test_every_notification_says_a_reference_and_nothing_else(db):
    assert len(Notice.registry) > 10
    for kind in Notice.registry:
        sentence = words(Notification(kind=kind, reference="482-9157"))
        assert "482-9157" in sentence or "{" not in sentence
        assert len(sentence) < 120


def test_who_may_be_told_is_one_of_five_rules():
    """The family's people, whoever reads the request, deadline or step-up, and those few who had something here."""
    kinds = {}
    for kind, notice in Notice.registry.items():
        kinds.setdefault(notice.readers.name, set()).add(kind)
    assert kinds.pop("had something here: reference only") == {
        "families.access_ended",
        "families.led_before",
        "families.led_until_now",
        "families.lead_not_needed",
        "families.ended",
        "stepdown.handed_over",
        "stepdown.stopped",
        "timescales.extension_withdrawn",
    }
    assert kinds.pop("may read the stepup") == {
        "stepdown.stepped_up",
        "stepdown.step_up_answered",
        "stepdown.step_up_taken_back",
    }
    assert kinds.pop("may read the request") == {
        "families.request_received",
        "families.request_answered",
        "stepdown.is_it_yours",
        "stepdown.found",
        "stepdown.gate_closed",
        "stepdown.given_on",
    }
    assert {kind.partition(".")[0] for kind in kinds.pop("may read the timescale")} == {"timescales"}
    assert len(kinds.pop("may read the family")) > 15
    assert {kind.partition(".")[0] for kind in kinds.pop("about who works here: no family")} == {"desk"}
    assert kinds == {}


def test_nobody_is_told_of_a_family_who_may_not_know_it(cast, family):
    AskedToLead.tell([cast.alice, cast.dana, cast.admin], about=family, key="x")
    with acting_as_system("test"):
        told = Notification.objects.filter(key__startswith="families.asked_to_lead:x")
        assert [row.user for row in told] == [cast.alice]


def test_who_lost_the_family_before_the_e_mail_went_out_gets_none(cast, mailoutbox, family):
    with acting_as_system("test"):
        Notification.objects.update(emailed_at=clock.now())
        ReviewHeld.tell([cast.alice, cast.charlie], about=family, key="y")
        TeamMember.objects.filter(user=cast.charlie).update(status="ended")
    deliver()
    assert [mail.to for mail in mailoutbox] == [[cast.alice.email]]
    deliver()
    assert len(mailoutbox) == 1


def test_whose_access_ended_is_told_so(cast, mailoutbox, family):
    with acting_as_system("test"):
        Notification.objects.update(emailed_at=clock.now())
        AccessEnded.tell([cast.dana], about=family, key="z")
    deliver()
    assert [mail.to for mail in mailoutbox] == [[cast.dana.email]]
