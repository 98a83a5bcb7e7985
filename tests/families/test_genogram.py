"""The family drawn: everyone once, nobody over another, the same in words."""

import re
from datetime import date
from itertools import combinations

import pytest
from django.urls import reverse

from earlyhelp.access.identity import acting_as, acting_as_system
from families.genogram import COLUMN, SIZE, genogram
from families.models import Person, Relationship
from tests.assessments.helpers import add_child, does_not_share
from tests.cast import child, mother


def someone(pk: int, first: str, kind: str = "adult", **more) -> Person:
    return Person(pk=pk, kind=kind, first_name=first, last_name="Okafor", **more)


def tie(one: Person, kind: str, other: Person) -> Relationship:
    return Relationship(person=one, to_person=other, kind=kind)


MUM, DAD, STEP = someone(1, "Grace"), someone(2, "Tunde", home="elsewhere"), someone(3, "Sam", gender="Man")
ADA, BEN = someone(4, "Ada", "child", gender="Girl"), someone(5, "Ben", "child")
NAN, BABY = someone(6, "Ife", home="elsewhere"), someone(7, "", "unborn", due_date=date(2027, 1, 1))
FAMILY = [MUM, DAD, STEP, ADA, BEN, NAN, BABY]
TIES = [
    tie(MUM, "mother", ADA), tie(DAD, "father", ADA), tie(MUM, "mother", BEN), tie(STEP, "father", BEN),
    tie(STEP, "step-father", ADA), tie(MUM, "former partner", DAD), tie(STEP, "partner", MUM), tie(NAN, "grandmother", ADA),
    tie(NAN, "mother", MUM), tie(MUM, "mother", BABY), tie(ADA, "half-sister", BEN), tie(someone(9, "Kim"), "aunt", ADA),
]  # fmt: skip


def test_each_is_drawn_once_in_their_generation_with_the_sign_for_who_they_are():
    drawing = genogram(FAMILY, TIES)
    at = {symbol.person.pk: symbol for symbol in drawing.symbols}
    assert len(at) == len(drawing.symbols) == len(FAMILY)
    assert at[6].y < at[1].y == at[2].y == at[3].y < at[4].y == at[5].y == at[7].y
    assert [at[pk].shape for pk in (1, 2, 3, 4, 7)] == ["circle", "square", "square", "circle", "triangle"]
    assert at[5].shape == "diamond"
    for one, other in combinations(drawing.symbols, 2):
        assert abs(one.x - other.x) >= COLUMN or abs(one.y - other.y) > SIZE * 2


def test_lines_say_who_is_a_couple_whose_child_and_who_was_one():
    lines = genogram(FAMILY, TIES).lines
    assert sum(bool(line.marks) for line in lines) == 1
    assert sum(line.kind == "dashed" for line in lines) == 1
    assert [line.label for line in lines if line.label] == ["grandmother"]


def test_the_frame_is_around_who_lives_at_home_alone():
    drawing = genogram(FAMILY, TIES)
    x, y, width, height = drawing.home
    inside = {s.person.pk for s in drawing.symbols if x < s.x < x + width and y < s.y < y + height}
    assert inside == {1, 3, 4, 5, 7}


def test_the_words_say_the_same():
    said = genogram(FAMILY, TIES).sentences
    assert len(said) == len(FAMILY)
    assert (
        "Grace Okafor, date of birth not known: mother of Ada Okafor; mother of Ben Okafor; former partner of Tunde Okafor; mother of Unborn baby, due in January 2027; lives with the family."
        in said
    )
    assert not any("Kim" in sentence for sentence in said)


@pytest.mark.parametrize("count", [3, 14, 20])
def test_nobody_stands_over_another_however_many_there_are(count):
    people = [someone(n, f"Name{n}", "adult" if n % 3 == 0 else "child") for n in range(1, count + 1)]
    adults = [p for p in people if p.kind == "adult"]
    ties = [tie(adults[n % len(adults)], "mother", p) for n, p in enumerate(people) if p.kind == "child"]
    drawing = genogram(people, ties)
    places = {(symbol.x, symbol.y) for symbol in drawing.symbols}
    assert len(places) == count
    assert all(symbol.x < drawing.width and symbol.y < drawing.height for symbol in drawing.symbols)


def test_it_stands_on_the_people_page_and_holds_nobody_who_does_not_share(cast, sign_in, family):
    ben = add_child(cast, family, "Ben", shares_with=(cast.school, cast.health))
    with acting_as(cast.alice):
        grace, ada = mother(family), child(family)
        for one in (ada, ben):
            Relationship.objects.create(
                family=family, person=grace, to_person=one, kind="mother", created_by=cast.alice
            )
    url = reverse("people", args=[family.reference])
    shown = sign_in(cast.alice).get(url).content.decode()
    assert "The family drawn" in shown
    assert len(re.findall(r"<text [^>]*>Ben", shown)) == 1
    does_not_share(cast, family, ben, cast.health)
    drawing = sign_in(cast.charlie).get(url).content.decode()
    assert "The family drawn" in drawing
    assert "Ben" not in drawing


def test_who_died_is_crossed_and_who_left_is_gone(cast, sign_in, family):
    ben = add_child(cast, family, "Ben", shares_with=(cast.school,))
    with acting_as(cast.alice):
        grace = mother(family)
        Relationship.objects.create(family=family, person=grace, to_person=ben, kind="mother", created_by=cast.alice)
    url = reverse("people", args=[family.reference])
    with acting_as_system("test"):
        Person.objects.filter(pk=ben.pk).update(left_on=date(2026, 11, 1), left_because="died")
    assert re.search(r"<text [^>]*>Ben", sign_in(cast.alice).get(url).content.decode())
    assert "died 1 November 2026" in sign_in(cast.alice).get(url).content.decode()
    with acting_as_system("test"):
        Person.objects.filter(pk=ben.pk).update(left_because="left")
    assert not re.search(r"<text [^>]*>Ben", sign_in(cast.alice).get(url).content.decode())
