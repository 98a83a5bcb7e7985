"""What was recorded by mistake is taken back as a mistake: what held before holds again, and nobody is said to have
withdrawn."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from consent.models import Agreement, Competence, SharingChoice, Tier
from consent.services import mistakes
from consent.services.ledger import agreed, record_agreement, record_choices, withdraw_from
from consent.services.own_word import judge
from consent.word import Choice, Decision
from earlyhelp.access.identity import acting_as, acting_as_system
from earlyhelp.access.levels import Level
from earlyhelp.access.models import GrantPeriod
from earlyhelp.core import clock
from earlyhelp.core.errors import Refused
from earlyhelp.timescales.models import Timescale
from families.services import leaving, people
from tests.access.test_doors import asker, father, person_of
from tests.access.test_own_no import says, sees
from tests.access.test_who_sees import disagreements
from tests.cast import add_sibling, child, episode_of, mother, new_family
from tests.consent.test_own_word import tier
from tests.pages import opened, text_of

WHY = {"reason": "It was the other parent who signed."}


def agrees(cast, family, person, *choices, decision="given"):
    with acting_as(cast.alice):
        said = Decision(person, decision, "verbal", clock.today(), witness="Alice")
        return record_agreement(family=family, decision=said, choices=choices, actor=cast.alice)


def take_back(cast, family, together):
    with acting_as(cast.alice):
        mistakes.take_back(family=family, together=together, reason=WHY["reason"], actor=cast.alice)


def test_an_agreement_of_the_wrong_person_is_taken_back_and_they_are_not_asked_yet(cast, sign_in, family):
    tunde, ada = father(cast, family), person_of(family, child)
    more = [Choice(tunde, cast.other_school, Tier.ADDITIONAL, tunde), Choice(tunde, cast.health, Tier.BASIC, tunde)]
    wrong = agrees(cast, family, tunde, *more)
    alice = sign_in(cast.alice)
    page = text_of(alice.get(f"{family.get_absolute_url()}sharing/"))
    assert page.count("Recorded by mistake?") >= 2
    url = reverse("take_back", args=[family.reference, wrong.together])
    page = text_of(alice.get(url))
    assert "Oak Primary School" in page
    assert "Enter how you know" in text_of(alice.post(url, opened(alice, url)))
    assert "What was decided before holds again" in text_of(alice.post(url, opened(alice, url) | WHY, follow=True))
    page = text_of(alice.get(f"{family.get_absolute_url()}sharing/"))
    assert "Not asked yet" in page
    assert "Taken back by Alice" in page
    assert WHY["reason"] in page
    for where in ("sharing/", "chronology/", "", "people/"):
        assert "ithdr" not in text_of(alice.get(family.get_absolute_url() + where))
    assert "taken back: what Tunde Okafor decided" in text_of(alice.get(f"{family.get_absolute_url()}chronology/"))
    with acting_as_system("test"):
        assert Agreement.ever.filter(pk=wrong.pk).exists()
        assert not Agreement.objects.filter(person=tunde).exists()
        assert not SharingChoice.objects.filter(person=tunde).exists()
        assert GrantPeriod.objects.filter(family=family).exists()
    assert tier(family, ada, cast.health) == Tier.ADDITIONAL
    assert alice.get(url).status_code == 404
    with acting_as(cast.alice), pytest.raises(Refused, match="taken back already"):
        mistakes.take_back(family=family, together=wrong.together, reason="Again, as it was.", actor=cast.alice)
    assert disagreements() == 0


def test_a_no_that_nobody_said_gives_everyone_back_what_they_had(cast, sign_in, family):
    ada = person_of(family, child)
    wrong = agrees(cast, family, person_of(family, mother), decision="withdrawn")
    assert asker(cast.charlie, family).level == Level.BASIC
    with acting_as_system("test"):
        assert Timescale.objects.filter(stopped_because="agreement withdrawn").exists()
    alice = sign_in(cast.alice)
    assert "Was it recorded by mistake?" in text_of(alice.get(f"{family.get_absolute_url()}sharing/what-follows/"))
    url = reverse("take_back", args=[family.reference, wrong.together])
    assert alice.post(url, opened(alice, url) | WHY).status_code == 302
    assert asker(cast.charlie, family).level == Level.CONTRIBUTE
    assert agreed(episode_of(family))
    with acting_as_system("test"):
        assert not Timescale.objects.filter(stopped_because="agreement withdrawn").exists()
    assert tier(family, ada, cast.health) == Tier.ADDITIONAL


def test_what_someone_else_said_too_stays_though_it_was_the_same(cast, family):
    grace, ada, tunde = person_of(family, mother), person_of(family, child), father(cast, family)
    with acting_as(cast.alice):
        for parent in (grace, tunde):
            people.relate(person=parent, to_person=ada, kind="parent", parental_responsibility="yes", actor=cast.alice)
    wrong = agrees(cast, family, tunde, Choice(ada, cast.other_school, Tier.BASIC, tunde))
    agrees(cast, family, grace, Choice(ada, cast.other_school, Tier.BASIC, grace))
    take_back(cast, family, wrong.together)
    assert tier(family, ada, cast.other_school) == Tier.BASIC
    nothing = agrees(cast, family, tunde, Choice(ada, cast.other_school, Tier.NONE, tunde))
    agrees(cast, family, grace, Choice(ada, cast.other_school, Tier.NONE, grace))
    take_back(cast, family, nothing.together)
    assert tier(family, ada, cast.other_school) == Tier.NONE


def test_who_had_no_say_makes_it_no_word_of_theirs(cast, family):
    """A grandmother who says the same as a mother does isn't asked about it afterwards."""
    grace, ada = person_of(family, mother), person_of(family, child)
    with acting_as(cast.alice):
        people.relate(person=grace, to_person=ada, kind="mother", parental_responsibility="yes", actor=cast.alice)
    gran = add_sibling(family, cast.alice, kind="adult", first_name="Rose", last_name="Okafor")
    agrees(cast, family, gran, Choice(ada, cast.health, Tier.ADDITIONAL, gran))
    with acting_as_system("test"):
        assert SharingChoice.objects.filter(person=ada, agency=cast.health).first().decided_by == grace


def test_choices_without_an_agreement_are_taken_back_together(cast, sign_in, family):
    ada, grace = person_of(family, child), person_of(family, mother)
    with acting_as(cast.alice):
        withdraw_from(family=family, agency=cast.health, decided_by=grace, actor=cast.alice)
    assert not sees(cast.charlie, ada)
    alice = sign_in(cast.alice)
    page = alice.get(reverse("change_choices", args=[family.reference, ada.pk]))
    assert "Health visiting: nothing" in text_of(page)
    with acting_as_system("test"):
        together = SharingChoice.objects.filter(person=ada, agency=cast.health).first().together
    assert str(together) in page.content.decode()
    url = reverse("take_back", args=[family.reference, together])
    assert "Basic and additional information" in text_of(alice.get(url))
    assert alice.post(url, opened(alice, url) | WHY).status_code == 302
    assert sees(cast.charlie, ada)
    assert tier(family, grace, cast.health) == Tier.ADDITIONAL


def test_a_judgement_by_mistake_leaves_the_parents_choices_as_they_were(cast, family):
    with acting_as(cast.alice):
        born = date(clock.today().year - 11, 1, 1)
        tola = add_sibling(family, cast.alice, kind="child", first_name="Tola", date_of_birth=born)
        grace = person_of(family, mother)
        choices = [Choice(tola, cast.health, Tier.ADDITIONAL, grace)]
        record_choices(family=family, choices=choices, actor=cast.alice)
        said = {"competent": True, "reasons": "She weighed it up.", "judged_on": clock.today()}
        judgement = judge(family=family, person=tola, actor=cast.alice, **said)
        assert Timescale.objects.filter(kind="own_word", met_at=None).exists()
        mistakes.take_back(family=family, together=judgement.together, reason=WHY["reason"], actor=cast.alice)
        assert SharingChoice.objects.filter(person=tola).first().ends_at is None
        assert not Competence.objects.exists()
        assert not Timescale.objects.filter(kind="own_word", met_at=None).exists()


def test_the_clock_of_a_young_persons_own_word_runs_on_when_it_was_not_theirs(cast, family):
    with acting_as(cast.alice):
        born = date(clock.today().year - 11, 1, 1)
        tola = add_sibling(family, cast.alice, kind="child", first_name="Tola", date_of_birth=born)
        choices = [Choice(tola, cast.health, Tier.ADDITIONAL, person_of(family, mother))]
        record_choices(family=family, choices=choices, actor=cast.alice)
        judge(family=family, person=tola, competent=True, reasons="x", judged_on=clock.today(), actor=cast.alice)
    wrong = agrees(cast, family, tola)
    with acting_as_system("test"):
        assert Timescale.objects.get(kind="own_word").met_at is not None
    take_back(cast, family, wrong.together)
    with acting_as_system("test"):
        assert Timescale.objects.get(kind="own_word").met_at is None


def test_who_could_see_on_a_day_tells_it_as_it_stood_then(cast, sign_in, family):
    wrong = agrees(cast, family, person_of(family, mother), decision="withdrawn")
    with clock.frozen_at(clock.now() + timedelta(days=2)):
        take_back(cast, family, wrong.together)
    with clock.frozen_at(clock.now() + timedelta(days=9)):
        alice, url = sign_in(cast.alice), f"{family.get_absolute_url()}who-can-see/on/"
        then = {"on_day": 24, "on_month": 11, "on_year": 2026}
        assert "Grace Okafor: withdrew" in text_of(alice.get(url, then))
        assert "Grace Okafor: agreed" in text_of(alice.get(url, then | {"on_day": 27}))


def test_a_stranger_and_the_team_take_nothing_back(cast, sign_in, family):
    with acting_as_system("test"):
        together = Agreement.objects.filter(family=family).first().together
    url = reverse("take_back", args=[family.reference, together])
    assert sign_in(cast.charlie).get(url).status_code == 403
    assert sign_in(cast.dana).get(url).status_code == 404


def test_what_was_recorded_in_another_family_is_not_found_here(cast, sign_in, family):
    other = new_family(cast, name="Adeyemi")
    says(cast, other, person_of(other, mother), "given")
    with acting_as_system("test"):
        together = Agreement.objects.filter(family=other).first().together
    assert sign_in(cast.alice).get(reverse("take_back", args=[family.reference, together])).status_code == 404


def test_taking_back_one_yes_brings_nothing_back_that_anothers_no_had_stopped(cast, family):
    """A mother withdraws; a grandmother's yes is recorded by mistake; the stepfather really agrees."""
    grace, ada, tunde = person_of(family, mother), person_of(family, child), father(cast, family)
    rose = add_sibling(family, cast.alice, kind="adult", first_name="Rose", last_name="Okafor")
    with acting_as(cast.alice):
        people.relate(person=grace, to_person=ada, kind="mother", parental_responsibility="yes", actor=cast.alice)
    agrees(cast, family, grace, decision="withdrawn")
    wrong = agrees(cast, family, rose)
    agrees(cast, family, tunde)
    assert not sees(cast.charlie, ada)
    take_back(cast, family, wrong.together)
    assert not sees(cast.charlie, ada)
    assert disagreements() == 0


def test_what_the_family_agrees_to_then_is_said_before(cast, sign_in, family):
    wrong = agrees(cast, family, person_of(family, mother), decision="withdrawn")
    page = sign_in(cast.alice).get(reverse("take_back", args=[family.reference, wrong.together]))
    assert "The family agrees to early help then." in text_of(page)


def test_a_word_that_goes_on_after_someone_died_is_taken_back_once_they_are_here(cast, family):
    grace = person_of(family, mother)
    with acting_as_system("test"):
        said = Agreement.objects.filter(person=grace).first()
    with acting_as(cast.alice):
        leaving.leave(person=grace, on=clock.today(), because="died", actor=cast.alice)
        grace.refresh_from_db()
        assert mistakes.recording(family, grace.leaving) is None
    with pytest.raises(Refused, match="Say first that they are here after all"):
        take_back(cast, family, said.together)
    with acting_as(cast.alice):
        leaving.come_back(person=grace, actor=cast.alice)
    take_back(cast, family, said.together)
    assert agreed(episode_of(family)) is None


def test_whoever_decides_now_is_still_to_be_asked_when_the_answer_was_a_mistake(cast, family):
    grace, tunde = person_of(family, mother), father(cast, family)
    with acting_as(cast.alice):
        leaving.leave(person=grace, on=clock.today(), because="died", actor=cast.alice)
    wrong = agrees(cast, family, tunde)
    with acting_as_system("test"):
        assert Timescale.objects.get(kind="who_decides").met_at
    take_back(cast, family, wrong.together)
    with acting_as_system("test"):
        assert Timescale.objects.get(kind="who_decides").met_at is None
    right = agrees(cast, family, tunde)
    again = agrees(cast, family, tunde)
    take_back(cast, family, again.together)
    with acting_as_system("test"):
        assert Timescale.objects.get(kind="who_decides").met_at == right.created_at
