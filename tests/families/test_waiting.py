"""What decisions rest on: what follows is said first, and a change by someone who doesn't lead waits for whoever does."""

from datetime import date

import pytest
from django.urls import reverse

from consent.models import Tier
from consent.services.ledger import record_choices
from consent.word import Choice
from earlyhelp.access.identity import acting_as, acting_as_system
from earlyhelp.core import clock
from earlyhelp.core.errors import Refused
from families.models import Person, Relationship, WaitingChange
from families.services import people, waiting
from tests.access.test_doors import father, person_of, told
from tests.cast import add_sibling, child, mother
from tests.pages import opened, text_of


def born(client, url, day: date, **more):
    parts = {"date_of_birth_day": day.day, "date_of_birth_month": day.month, "date_of_birth_year": day.year}
    return client.post(url, opened(client, url) | parts | more, follow=True)


def born_now(person):
    with acting_as_system("test"):
        return Person.objects.get(pk=person.pk).date_of_birth


def test_a_birth_date_says_what_follows_before_it_is_changed(cast, sign_in, family):
    ada, alice = person_of(family, child), sign_in(cast.alice)
    url = reverse("change_person", args=[family.reference, ada.pk])
    before, older = born_now(ada), date(clock.today().year - 14, 1, 1)
    assert "It is right" not in text_of(alice.get(url))
    page = text_of(born(alice, url, older))
    assert "Ada then decides for themselves: what others chose for them holds another 5 working days" in page
    assert born_now(ada) == before
    assert "Saved." in text_of(born(alice, url, older, confirmed="on"))
    assert born_now(ada) == older
    assert "Ada then doesn’t decide for themselves yet" in text_of(born(alice, url, before))


def test_a_birth_date_by_someone_on_the_team_waits_for_the_lead(cast, sign_in, family):
    ada, charlie = person_of(family, child), sign_in(cast.charlie)
    url, before, older = reverse("change_person", args=[family.reference, ada.pk]), born_now(ada), date(2012, 5, 4)
    page = text_of(born(charlie, url, older, school="Oak Primary School"))
    assert "the lead is asked about this" in page
    assert "Waits for the lead" in page
    assert "Oak Primary School" in page
    assert born_now(ada) == before
    assert told(cast.alice, "families.change_waits")
    with acting_as_system("test"):
        change = WaitingChange.objects.get()
    decide = reverse("decide_change", args=[family.reference, change.pk])
    assert sign_in(cast.charlie).get(decide).status_code == 403
    alice = sign_in(cast.alice)
    assert "What follows if it is made" in text_of(alice.get(decide))
    assert "Select whether it is right" in text_of(alice.post(decide, opened(alice, decide)))
    assert "The change is made." in text_of(alice.post(decide, {"make": "yes"}, follow=True))
    assert born_now(ada) == older
    assert told(cast.charlie, "families.change_decided")
    assert alice.get(decide).status_code == 403


def test_a_change_that_the_lead_does_not_make_leaves_all_as_it_is(cast, family):
    ada = person_of(family, child)
    with acting_as(cast.charlie):
        change = waiting.propose(person=ada, fields={"kind": "adult"}, words="x", actor=cast.charlie)
        assert waiting.propose(person=ada, fields={"kind": "adult"}, words="x", actor=cast.charlie) == change
    with acting_as(cast.alice):
        people.decide_change(change=change, make=False, actor=cast.alice)
        assert Person.objects.get(pk=ada.pk).kind == "child"
        with pytest.raises(Refused, match="decided already"):
            people.decide_change(change=change, make=True, actor=cast.alice)


@pytest.mark.parametrize("make", ["yes", "no"])
def test_parental_responsibility_by_someone_on_the_team_waits_for_the_lead(cast, sign_in, family, make):
    grace, ada = person_of(family, mother), person_of(family, child)
    charlie = sign_in(cast.charlie)
    url = reverse("relate", args=[family.reference, grace.pk])
    said = {"to_person": ada.pk, "kind": "mother", "parental_responsibility": "yes"}
    assert "the lead is asked" in text_of(charlie.post(url, opened(charlie, url) | said, follow=True))
    with acting_as_system("test"):
        assert Relationship.objects.get().parental_responsibility == "unknown"
        change = WaitingChange.objects.get()
    alice = sign_in(cast.alice)
    alice.post(reverse("decide_change", args=[family.reference, change.pk]), {"make": make})
    with acting_as_system("test"):
        assert Relationship.objects.get().parental_responsibility == ("yes" if make == "yes" else "unknown")


def test_taking_responsibility_from_who_decided_says_so(cast, sign_in, family):
    grace, ada, tunde = person_of(family, mother), person_of(family, child), father(cast, family)
    alice = sign_in(cast.alice)

    def relates(person, answer, **more):
        url = reverse("relate", args=[family.reference, person.pk])
        said = {"to_person": ada.pk, "kind": "parent", "parental_responsibility": answer}
        return text_of(alice.post(url, opened(alice, url) | said | more, follow=True))

    assert "Grace decided what is shared about Ada, and then can’t any more" in relates(tunde, "yes")
    assert "Saved." in relates(grace, "yes")
    assert "Saved." in relates(tunde, "yes")
    assert "Grace decided what is shared about Ada, and then can’t any more" in relates(grace, "no")
    assert "Saved." in relates(grace, "no", confirmed="on")
    with acting_as(cast.alice):
        relation = Relationship.objects.get(person=tunde)
        with pytest.raises(Refused, match="First change that"):
            people.unrelate(relation=relation, actor=cast.alice)
        choice = Choice(ada, cast.health, Tier.ADDITIONAL, grace)
        record_choices(family=family, choices=[choice], actor=cast.alice)  # the same as before: no more than she gave


def test_two_exact_same_people_are_asked_about(cast, sign_in, family):
    ada, alice = person_of(family, child), sign_in(cast.alice)
    url = reverse("add_person", args=[family.reference])
    said = {"kind": "child", "first_name": " ada ", "last_name": ada.last_name, "home": "here"}
    page = text_of(born(alice, url, ada.date_of_birth, **said))
    assert "is in the family already" in page
    assert "Why is this someone else?" in page
    why = {"right_because": "They are twins with one name."}
    assert "They are added" in text_of(born(alice, url, ada.date_of_birth, **said, **why))


def test_no_young_child_gets_responsibility_by_way_of_the_lead(cast, sign_in, family):
    grace, ada, charlie = person_of(family, mother), person_of(family, child), sign_in(cast.charlie)
    url = reverse("relate", args=[family.reference, ada.pk])
    said = {"to_person": grace.pk, "kind": "daughter", "parental_responsibility": "yes"}
    assert "can’t have parental responsibility" in text_of(charlie.post(url, opened(charlie, url) | said))
    with acting_as(cast.charlie):
        fields = {"parental_responsibility": "yes"}
        change = waiting.propose(person=ada, to_person=grace, fields=fields, words="x", actor=cast.charlie)
    with acting_as(cast.alice), pytest.raises(Refused, match="isn’t recorded any more"):
        people.decide_change(change=change, make=True, actor=cast.alice)


def test_a_due_date_waits_with_the_birth(cast, sign_in, family):
    baby = add_sibling(family, cast.alice, kind="unborn", due_date=date(2027, 3, 1))
    with acting_as(cast.alice):
        record_choices(
            family=family, choices=[Choice(baby, cast.health, Tier.ADDITIONAL, person_of(family, mother))],
            actor=cast.alice,
        )  # fmt: skip
    charlie, url = sign_in(cast.charlie), reverse("change_person", args=[family.reference, baby.pk])
    assert "the lead is asked" in text_of(born(charlie, url, clock.today(), kind="child", first_name="Nia"))
    with acting_as(cast.alice):
        now = Person.objects.get(pk=baby.pk)
        assert (now.kind, now.due_date, now.first_name) == ("unborn", date(2027, 3, 1), "Nia")
        people.decide_change(change=WaitingChange.objects.get(), make=True, actor=cast.alice)
        now = Person.objects.get(pk=baby.pk)
        assert (now.kind, now.due_date, now.date_of_birth) == ("child", None, clock.today())
