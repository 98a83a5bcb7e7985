"""Sharing without agreement: a decision with advice, what left, and perhaps access for one named person."""

from datetime import timedelta

import pytest

from consent.models import Agreement, Disclosure, LawfulSharing
from consent.services import lawful
from consent.services.ledger import record_agreement
from consent.word import Decision
from earlyhelp.access.identity import acting_as, acting_as_system
from earlyhelp.access.models import Change
from earlyhelp.accounts.models import Role
from earlyhelp.core import clock
from earlyhelp.core.errors import Refused
from earlyhelp.notifications.models import Notification
from families.models import ConnectedUser, Family, Note, Person
from tests.cast import child, make_user, mother

YES_NO = {True: "yes", False: "no"}


def answers(cast, family, **changes):
    with acting_as_system("test"):
        ada = child(family).pk
    return {
        "reason": "child_harm",
        "explanation": "Ada told me what happens at night.",
        "basis": "public_task",
        "what": "What Ada said on Friday.",
        "about": [ada],
        "with_whom": "Sergeant Lowe, Castshire Police",
        "agency": "",
        "how": "told",
        "decided_at_day": 23,
        "decided_at_month": 11,
        "decided_at_year": 2026,
        "decided_at_time": "9:30",
        "adviser": cast.manager.pk,
        "advice": "Ring the police now.",
        "told": "no",
        "not_told_because": "It would put Ada at risk.",
        "gives_access": "no",
        **changes,
    }


def access_for(user, agency, until=None):
    until = until or clock.today() + timedelta(days=7)
    return {
        "gives_access": "yes",
        "account": f"{user.pk}-{agency.pk}",
        "access_until_day": until.day,
        "access_until_month": until.month,
        "access_until_year": until.year,
    }


def url_of(family, path="record/") -> str:
    return f"{family.get_absolute_url()}sharing/without/{path}"


def withdraw(cast, family) -> None:
    with acting_as(cast.alice):
        record_agreement(family=family, decision=Decision(person=mother(family), decision=Agreement.Decision.WITHDRAWN, how="verbal", decided_on=clock.today(), witness="Alice"), choices=[], actor=cast.alice)  # fmt: skip


def test_who_may_be_at_risk_comes_first_and_the_call_does_not_wait(cast, sign_in, family):
    alice = sign_in(cast.alice)
    page = alice.post(url_of(family, "start/"), {"at_risk": "yes"}, follow=True).content.decode()
    assert "Call now. Do not wait" in page
    assert "01632 960001" in page
    assert "Not being able to reach your manager or the family must not delay your call" in page
    page = alice.post(url_of(family, "start/"), {"at_risk": "no"}, follow=True).content.decode()
    assert "Why is it shared without agreement?" in page


def test_a_decision_is_kept_with_its_reasons_and_what_left(cast, sign_in, family):
    alice = sign_in(cast.alice)
    page = alice.post(url_of(family), answers(cast, family), follow=True).content.decode()
    for words in (
        "A child may be suffering, or be likely to suffer, significant harm",
        "Public task",
        "What Ada said on Friday.",
        "Ada Okafor",
        "Sergeant Lowe, Castshire Police",
        "Ring the police now.",
        "No. It would put Ada at risk.",
    ):
        assert words in page, words
    given = alice.get(f"{family.get_absolute_url()}sharing/given/").content.decode()
    assert "Told: What Ada said on Friday." in given
    assert "Without agreement" in given
    with acting_as_system("test"):
        told = Notification.objects.get(kind="consent.named_as_adviser")
        assert told.user == cast.manager
    assert "Sergeant Lowe" in sign_in(cast.manager).get(told.url).content.decode()


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"reason": ""}, "Select why it is shared"),
        ({"basis": ""}, "Select the lawful basis"),
        ({"about": []}, "Select whom the information is about"),
        ({"adviser": ""}, "Select who advised you"),
        ({"not_told_because": ""}, "Enter why the family was not told"),
        ({"with_whom": ""}, "Enter with whom it is shared"),
        ({"gives_access": "yes", "account": ""}, "Select whose account it is"),
        ({"decided_at_day": 24}, "The time it was decided must be in the past"),
    ],
)
def test_what_is_missing_is_named_and_nothing_typed_is_lost(cast, sign_in, changes, message, family):
    alice = sign_in(cast.alice)
    page = alice.post(url_of(family), answers(cast, family, **changes)).content.decode()
    assert message in page
    assert "Ada told me what happens at night." in page
    assert "Ada told me what happens at night." in alice.get(url_of(family)).content.decode()
    with acting_as_system("test"):
        assert not LawfulSharing.objects.exists()
        assert not Disclosure.objects.exists()


def test_nobody_advises_themselves(cast, sign_in, family):
    page = sign_in(cast.manager).get(url_of(family)).content.decode()
    assert f'<option value="{cast.manager.pk}">' not in page
    assert f'<option value="{cast.service.pk}">' in page
    details = {
        "reason": "child_harm", "explanation": "x", "basis": "public_task", "what": "x",
        "with_whom": "x", "how": "told", "decided_at": clock.now(), "advice": "x", "told": True,
        "not_told_because": "", "about": [1],
    }  # fmt: skip
    by_manager, by_bob = (lawful.LawfulSaid(**details, adviser=adviser) for adviser in (cast.manager, cast.bob))
    with acting_as(cast.manager), pytest.raises(Refused, match="someone other than you"):
        lawful.share_without_agreement(by_manager, family=family, actor=cast.manager)
    with acting_as(cast.alice), pytest.raises(Refused, match="Only a manager of your agency"):
        lawful.share_without_agreement(by_bob, family=family, actor=cast.alice)


def test_the_named_person_sees_the_people_of_the_decision_and_nobody_else_until_it_ends(cast, sign_in, family):
    with acting_as_system("test"):
        Note.objects.create(
            family=family, episode=family.episode(), kind="call", at=clock.now(), with_whom="Grace", text="About Grace.",
            about=[mother(family).pk], author=cast.alice,
        )  # fmt: skip
        Note.objects.create(
            family=family, episode=family.episode(), kind="call", at=clock.now(), with_whom="Ada", text="About Ada.",
            about=[child(family).pk], author=cast.alice,
        )  # fmt: skip
    alice, dana = sign_in(cast.alice), sign_in(cast.dana)
    assert dana.get(family.get_absolute_url()).status_code == 404
    shown = alice.post(url_of(family), answers(cast, family, **access_for(cast.dana, cast.other_school)), follow=True)
    people = dana.get(f"{family.get_absolute_url()}people/").content.decode()
    assert "Ada Okafor" in people
    assert "Grace" not in people
    notes = dana.get(f"{family.get_absolute_url()}notes/").content.decode()
    assert "About Ada." in notes
    assert "About Grace." not in notes
    assert dana.get(f"{family.get_absolute_url()}notes/write/").status_code == 403
    with acting_as(cast.dana):
        assert [p.first_name for p in Person.objects.all()] == ["Ada"]
        assert not LawfulSharing.objects.exists()
    with acting_as_system("test"):
        assert Notification.objects.get(kind="consent.access_given").user == cast.dana
    with clock.frozen_at(clock.now() + timedelta(days=8)):
        assert dana.get(family.get_absolute_url()).status_code == 404
    page = alice.post(f"{shown.redirect_chain[-1][0]}end/", follow=True).content.decode()
    assert "Their access has ended" in page
    assert "End this access now" not in page
    assert "Your access has ended" in dana.get(family.get_absolute_url()).content.decode()
    again = alice.post(f"{shown.redirect_chain[-1][0]}end/", follow=True).content.decode()
    assert "This access has ended already" in again


def test_access_is_for_thirty_days_at_most(cast, sign_in, family):
    late = access_for(cast.dana, cast.other_school, clock.today() + timedelta(days=31))
    page = sign_in(cast.alice).post(url_of(family), answers(cast, family, **late)).content.decode()
    assert "The last day of access must be within 30 days from today" in page
    last = access_for(cast.dana, cast.other_school, clock.today() + timedelta(days=30))
    assert sign_in(cast.alice).post(url_of(family), answers(cast, family, **last)).status_code == 302


def test_nobody_is_let_into_a_restricted_record_or_one_whose_family_they_know(cast, sign_in, family):
    with acting_as_system("test"):
        Family.objects.filter(pk=family.pk).update(restricted=True)
    data = answers(cast, family, **access_for(cast.dana, cast.other_school), adviser=cast.service.pk)
    page = sign_in(cast.alice).post(url_of(family), data).content.decode()
    assert "This record is restricted: nobody can be let in this way" in page
    with acting_as_system("test"):
        Family.objects.filter(pk=family.pk).update(restricted=False)
        ConnectedUser.objects.create(family=family, user=cast.dana)
    page = sign_in(cast.alice).post(url_of(family), data).content.decode()
    assert "That account can’t be given access to this record" in page
    with acting_as_system("test"):
        assert not LawfulSharing.objects.exists()
    assert sign_in(cast.dana).get(family.get_absolute_url()).status_code == 404


def test_after_a_withdrawal_who_runs_the_support_can_still_share_and_the_team_cannot(cast, sign_in, family):
    withdraw(cast, family)
    alice = sign_in(cast.alice)
    assert "share without agreement" in alice.get(family.get_absolute_url()).content.decode()
    page = alice.post(url_of(family), answers(cast, family), follow=True).content.decode()
    assert "What Ada said on Friday." in page
    assert sign_in(cast.manager).get(url_of(family)).status_code == 200
    for path in ("", "start/", "record/"):
        assert sign_in(cast.charlie).get(url_of(family, path)).status_code == 403
        assert sign_in(cast.locality).get(url_of(family, path)).status_code == 403
        assert sign_in(cast.dana).get(url_of(family, path)).status_code == 404


def test_a_teams_manager_records_a_decision_and_lets_nobody_in(cast, sign_in, family):
    nurse = make_user("Nurse Manager", cast.health, Role.MANAGER)
    page = sign_in(nurse).get(url_of(family)).content.decode()
    assert "Should they see the record here?" not in page
    shown = sign_in(nurse).post(url_of(family), answers(cast, family, adviser=cast.service.pk), follow=True)
    assert "What Ada said on Friday." in shown.content.decode()
    with acting_as(cast.charlie):
        assert not LawfulSharing.objects.exists()
        assert not Disclosure.objects.exists()


@pytest.mark.parametrize("who", ["dana", "superuser", "admin", "auditor", None])
def test_a_stranger_finds_none_of_it(cast, sign_in, who, family):
    sign_in(cast.alice).post(url_of(family), answers(cast, family))
    with acting_as_system("test"):
        assert LawfulSharing.objects.exists()
    with acting_as(getattr(cast, who) if who else None):
        for model in (LawfulSharing, Disclosure):
            assert not model.objects.exists()
            assert not Change.objects.in_table(model).exists()
