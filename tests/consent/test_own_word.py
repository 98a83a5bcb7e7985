"""Whose word it is: everyone's own, and for children that of whoever decides for them (ROT-21)."""

import threading
from datetime import date, timedelta

import pytest
from django.db import connection

from consent.models import SharingChoice, Tier
from consent.services import ledger
from consent.services.ledger import all_choices, record_agreement, record_choices, withdraw_from
from consent.services.own_word import judge
from consent.word import Choice, Decision
from earlyhelp.access.identity import acting_as, acting_as_system
from earlyhelp.core import clock
from earlyhelp.core.errors import Refused
from earlyhelp.procedures.services import procedure_in_force
from families.services import people
from tests.access.test_doors import end, father, member, note, open_again, person_of, reads, told
from tests.access.test_own_no import says, sees
from tests.cast import add_sibling, child, mother
from tests.consent.test_agreement import TODAY
from tests.pages import opened, second_page


def tola_of(cast, family, *agencies):
    """A sister of sixteen, who says herself what she shares."""
    born = date(clock.today().year - 16, 1, 1)
    tola = add_sibling(family, cast.alice, kind="child", first_name="Tola", last_name="Okafor", date_of_birth=born)
    with acting_as(cast.alice):
        choices = [Choice(tola, agency, Tier.ADDITIONAL, tola) for agency in agencies]
        record_choices(family=family, choices=choices, actor=cast.alice)
    return tola


def tier(family, person, agency) -> int:
    return all_choices(family)[person.pk, agency.pk].tier


def test_a_mothers_no_leaves_what_her_daughter_shares_and_says_whose_word_it_is(cast, sign_in, family):
    tola = tola_of(cast, family, cast.school, cast.health)
    page = sign_in(cast.alice).post(
        f"{family.get_absolute_url()}sharing/agreement/",
        {
            "person": person_of(family, mother).pk,
            "decision": "refused",
            "how": "verbal",
            "witness": "Alice",
            "covers": [tola.pk],
            f"agency_{cast.health.pk}": "never",
            **TODAY,
        },
    )
    assert "Tola decides for themselves" in page.content.decode()
    assert tier(family, tola, cast.health) == Tier.ADDITIONAL


def test_stopping_for_an_agency_stops_what_one_person_decides_and_says_what_is_left(cast, sign_in, family):
    tola = tola_of(cast, family, cast.health)
    grace, ada = person_of(family, mother), person_of(family, child)
    alice = sign_in(cast.alice)
    url = f"{family.get_absolute_url()}sharing/stop/{cast.health.pk}/"
    assert "what others decided for themselves stays" in alice.get(url).content.decode()
    page = alice.post(url, {"decided_by": grace.pk}, follow=True).content.decode()
    assert "It still knows of Tola" in page
    assert [tier(family, person, cast.health) for person in (grace, ada, tola)] == [0, 0, 2]
    assert sees(cast.charlie, tola)
    assert not sees(cast.charlie, ada)
    page = alice.post(url, {"decided_by": tola.pk}, follow=True).content.decode()
    assert "Nothing is shared with Health visiting any more" in page
    assert not sees(cast.charlie, tola)


def test_a_young_person_decides_nothing_for_her_mother_or_her_little_sister(cast, family):
    tola = tola_of(cast, family, cast.school)
    ada = person_of(family, child)
    with acting_as(cast.alice):
        for level in (Tier.NONE, Tier.BASIC):
            with pytest.raises(Refused, match="An adult decides for Ada"):
                record_choices(family=family, choices=[Choice(ada, cast.health, level, tola)], actor=cast.alice)
        with pytest.raises(Refused, match="Tola shares nothing with Health visiting now"):
            withdraw_from(family=family, agency=cast.health, decided_by=tola, actor=cast.alice)
    assert tier(family, ada, cast.health) == Tier.ADDITIONAL


def test_a_child_who_does_not_decide_yet_gives_nothing(cast, family):
    ada = person_of(family, child)
    with acting_as(cast.alice), pytest.raises(Refused, match="Ada doesn’t decide for themselves yet"):
        record_choices(family=family, choices=[Choice(ada, cast.other_school, Tier.BASIC, ada)], actor=cast.alice)


@pytest.mark.parametrize("responsible", [False, True])
def test_a_small_child_is_shared_no_further_once_the_mother_withdraws_though_her_sister_agrees(
    cast, responsible, family
):
    tola = tola_of(cast, family, cast.school, cast.health)
    grace, ada = person_of(family, mother), person_of(family, child)
    if responsible:
        with acting_as(cast.alice):
            people.relate(person=grace, to_person=ada, kind="mother", parental_responsibility="yes", actor=cast.alice)
    says(cast, family, tola, "given")
    says(cast, family, grace, "withdrawn")
    assert sees(cast.charlie, tola)
    assert not sees(cast.charlie, ada)
    assert not sees(cast.charlie, grace)
    assert sees(cast.alice, ada)
    assert bool(told(cast.manager, "families.must_act")) is responsible


def test_a_father_who_agrees_speaks_for_the_child_too(cast, family):
    tunde = father(cast, family, cast.school, cast.health)
    grace, ada = person_of(family, mother), person_of(family, child)
    with acting_as(cast.alice):
        for parent in (grace, tunde):
            people.relate(person=parent, to_person=ada, kind="parent", parental_responsibility="yes", actor=cast.alice)
    says(cast, family, tunde, "given")
    says(cast, family, grace, "withdrawn")
    assert sees(cast.charlie, ada)


def test_a_mothers_no_in_an_earlier_episode_holds_for_her_child_until_she_is_asked_again(cast, family):
    tola = tola_of(cast, family, cast.school, cast.health)
    grace, ada = person_of(family, mother), person_of(family, child)
    secret = note(family, cast.alice, [ada])
    says(cast, family, grace, "withdrawn")
    end(cast, family)
    open_again(cast, family, cast.school, cast.alice)
    with clock.frozen_at(clock.now() + timedelta(days=2)):
        says(cast, family, tola, "given")
        member(cast, family, cast.charlie, cast.health)
        assert not sees(cast.charlie, ada)
        assert not reads(cast.charlie, secret)


def test_who_gave_what_is_shared_counts_beside_who_is_responsible(cast, family):
    tunde = father(cast, family)
    tola = tola_of(cast, family, cast.school, cast.health)
    grace, ada = person_of(family, mother), person_of(family, child)
    with acting_as(cast.alice):
        people.relate(person=tunde, to_person=ada, kind="father", parental_responsibility="yes", actor=cast.alice, confirmed=True)  # fmt: skip
    says(cast, family, tola, "given")
    says(cast, family, grace, "withdrawn")
    assert not sees(cast.charlie, ada)


def test_an_agreement_that_has_run_out_speaks_for_no_child(cast, family):
    tunde = father(cast, family, cast.school, cast.health)
    tola = tola_of(cast, family, cast.school, cast.health)
    grace, ada = person_of(family, mother), person_of(family, child)
    with acting_as(cast.alice):
        for parent in (grace, tunde):
            people.relate(person=parent, to_person=ada, kind="parent", parental_responsibility="yes", actor=cast.alice)
        record_agreement(family=family, decision=Decision(person=tunde, decision="given", how="verbal", decided_on=clock.today(), witness="Alice", until=clock.now() + timedelta(days=2)), choices=[], actor=cast.alice)  # fmt: skip
    says(cast, family, tola, "given")
    with clock.frozen_at(clock.now() + timedelta(days=5)):
        says(cast, family, grace, "withdrawn")
        assert not sees(cast.charlie, ada)


def test_who_grew_old_enough_meanwhile_is_shared_no_further_on_the_word_of_a_mother_who_withdraws(cast, family):
    old_enough = procedure_in_force().ages.own_word
    born = clock.today().replace(year=clock.today().year - old_enough) + timedelta(days=3)
    tola = add_sibling(family, cast.alice, kind="child", first_name="Tola", last_name="Okafor", date_of_birth=born)
    grace = person_of(family, mother)
    tunde = father(cast, family, cast.school, cast.health)
    with acting_as(cast.alice):
        choices = [Choice(tola, agency, Tier.ADDITIONAL, grace) for agency in (cast.school, cast.health)]
        record_choices(family=family, choices=choices, actor=cast.alice)
    says(cast, family, tunde, "given")
    with clock.frozen_at(clock.now() + timedelta(days=10)):
        with acting_as(cast.alice), pytest.raises(Refused, match="Tola decides for themselves"):
            record_choices(family=family, choices=[Choice(tola, cast.health, 1, tunde)], actor=cast.alice)
        says(cast, family, grace, "withdrawn")
        assert not sees(cast.charlie, tola)


def test_a_never_of_a_child_who_is_judged_not_to_decide_yet_is_taken_back_by_who_is_responsible(cast, family):
    tola, grace = tola_of(cast, family), person_of(family, mother)
    with acting_as(cast.alice):
        record_choices(family=family, choices=[Choice(tola, cast.health, 0, tola, never=True)], actor=cast.alice)
        judge(family=family, person=tola, competent=False, reasons="x", judged_on=clock.today(), actor=cast.alice)
        record_choices(family=family, choices=[Choice(tola, cast.health, Tier.BASIC, grace)], actor=cast.alice)
    assert tier(family, tola, cast.health) == Tier.BASIC


# What came later


def given_on(cast, family, person, day, choices=()):
    with acting_as(cast.alice):
        record_agreement(family=family, decision=Decision(person=person, decision="given", how="signed", decided_on=day), choices=list(choices), actor=cast.alice)  # fmt: skip


def test_papers_of_one_day_are_filed_in_any_order_and_a_slip_is_put_right(cast, family):
    tunde, grace, ada = father(cast, family), person_of(family, mother), person_of(family, child)
    with clock.frozen_at(clock.now() + timedelta(days=1)):
        monday = clock.today() - timedelta(days=1)
        given_on(cast, family, grace, monday, [Choice(ada, cast.other_school, Tier.NONE, grace)])
        given_on(cast, family, grace, monday, [Choice(ada, cast.other_school, Tier.BASIC, grace)])
        given_on(cast, family, tunde, monday, [Choice(tunde, cast.other_school, Tier.BASIC, tunde)])
    assert tier(family, ada, cast.other_school) == Tier.BASIC


def test_a_yes_after_a_no_counts_though_a_sisters_word_was_filed_in_between(cast, family):
    tola, grace = tola_of(cast, family, cast.school, cast.health), person_of(family, mother)
    says(cast, family, grace, "withdrawn")
    fifth = clock.today() + timedelta(days=5)
    with clock.frozen_at(clock.now() + timedelta(days=8)):
        says(cast, family, tola, "given")
    with clock.frozen_at(clock.now() + timedelta(days=10)):
        given_on(cast, family, grace, fifth, [Choice(grace, cast.health, Tier.ADDITIONAL, grace)])
    assert tier(family, grace, cast.health) == Tier.ADDITIONAL


def test_an_old_no_that_is_filed_late_hides_no_later_one(cast, family):
    grace = person_of(family, mother)
    says(cast, family, grace, "withdrawn")
    with acting_as(cast.alice):
        record_agreement(family=family, decision=Decision(person=grace, decision="refused", how="verbal", decided_on=clock.today() - timedelta(days=20), witness="Alice"), choices=[], actor=cast.alice)  # fmt: skip
    with pytest.raises(Refused, match="Grace decided otherwise"):
        given_on(cast, family, grace, clock.today() - timedelta(days=10))


def test_a_paper_that_is_filed_late_takes_back_no_withdrawal(cast, family):
    grace = person_of(family, mother)
    says(cast, family, grace, "withdrawn")
    with acting_as(cast.alice), pytest.raises(Refused, match=r"Grace decided otherwise on .*, after this"):
        record_agreement(family=family, decision=Decision(person=grace, decision="given", how="signed", decided_on=clock.today() - timedelta(days=14)), choices=[], actor=cast.alice)  # fmt: skip
    says(cast, family, grace, "given")


def test_a_paper_that_is_filed_late_opens_no_agency_that_was_closed_after_it(cast, family):
    grace = person_of(family, mother)
    with acting_as(cast.alice):
        withdraw_from(family=family, agency=cast.health, decided_by=grace, actor=cast.alice)
        with pytest.raises(Refused, match="after this, less was shared about Grace with Health visiting"):
            record_agreement(family=family, decision=Decision(person=grace, decision="given", how="signed", decided_on=clock.today() - timedelta(days=14)), actor=cast.alice, choices=[Choice(grace, cast.health, Tier.ADDITIONAL, grace)])  # fmt: skip
    assert tier(family, grace, cast.health) == Tier.NONE


def test_nobodys_answer_stands_in_for_someone_who_was_not_asked(cast, sign_in, family):
    url = f"{family.get_absolute_url()}sharing/agreement/"
    alice = sign_in(cast.alice)

    def answered() -> int:
        return len([name for name in opened(alice, "", second_page(alice, url)) if name.startswith("agency_")])

    assert answered() == 2  # each agency as mother and child have it
    tola_of(cast, family)
    assert answered() == 0


@pytest.mark.django_db(transaction=True)
def test_a_never_and_a_yes_at_once(cast, monkeypatch, family):
    tunde = father(cast, family)
    grace, ada = person_of(family, mother), person_of(family, child)
    with acting_as(cast.alice):
        for parent in (grace, tunde):
            people.relate(person=parent, to_person=ada, kind="parent", parental_responsibility="yes", actor=cast.alice)
        record_choices(family=family, choices=[Choice(ada, cast.other_school, Tier.NONE, grace)], actor=cast.alice)
    between, may_go_on, real = threading.Event(), threading.Event(), ledger.write

    def slow(*rows, **whose):
        if threading.current_thread() is not threading.main_thread():
            between.set()
            may_go_on.wait(1)
        return real(*rows, **whose)

    def yes():
        try:
            with clock.frozen_at(clock.now()), acting_as(cast.manager):
                record_choices(
                    family=family, choices=[Choice(ada, cast.other_school, Tier.ADDITIONAL, tunde)], actor=cast.manager
                )
        finally:
            connection.close()

    monkeypatch.setattr(ledger, "write", slow)
    thread = threading.Thread(target=yes)
    thread.start()
    assert between.wait(10)
    with acting_as(cast.alice):
        record_choices(
            family=family, choices=[Choice(ada, cast.other_school, Tier.NONE, grace, never=True)], actor=cast.alice
        )
    may_go_on.set()
    thread.join(20)
    with acting_as_system("test"):
        assert SharingChoice.objects.filter(family=family, agency=cast.other_school).order_by("-pk").first().never
