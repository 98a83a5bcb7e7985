"""Someone dies; an agreement was the wrong person's; what is shared of five people with six agencies is changed."""

import pytest

from consent.models import Tier
from consent.services.ledger import record_choices
from consent.word import Choice
from earlyhelp.access.identity import acting_as, acting_as_system
from earlyhelp.accounts.models import Agency
from families.services import episodes
from tests.access.test_doors import father, person_of
from tests.cast import add_sibling, child, led_family, make_cast, mother

pytestmark = [pytest.mark.true_clock, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def world():
    cast = make_cast()
    family = led_family(cast)
    father(cast, family, cast.school, cast.health)
    with acting_as_system("test"):
        return cast, family, family.get_absolute_url()


def test_a_mother_dies_and_the_father_is_asked(visitor, world):
    cast, family, url = world
    with acting_as(cast.alice):
        grace = person_of(family, mother)
        episodes.write_note(
            family=family, episode=family.episode(), kind="call", at=family.episode().started_at, with_whom="Grace",
            about=[grace.pk], text="Grace sings in the choir.", actor=cast.alice,
        )  # fmt: skip
    alice = visitor(cast.alice).is_signed_in().goes_to(f"{url}people/")
    alice.follows("Not here any more: Grace Okafor").answers("What happened?", "They died")
    alice.presses("They are not here any more")
    alice.sees("Not here any more", "Died").goes_to("/").sees("Ask who decides now")
    alice.follows("Ask who decides now").sees("Who decided?").does_not_see("Grace Okafor, ")
    alice.answers("What did they decide?", "They agree to early help").answers("How?", "Signed on paper")
    alice.ticks("All of this").presses("Continue").answers("Birch Primary School", "Additional")
    alice.answers("Health visiting", "Additional").presses("Record the decision").sees("Recorded")
    alice.goes_to("/").does_not_see("Ask who decides now")
    charlie = visitor(cast.charlie).is_signed_in().goes_to(f"{url}notes/").sees("Grace sings in the choir.")
    charlie.goes_to(f"{url}notes/write/").does_not_see("Grace Okafor").goes_to(url)
    assert "Grace" not in charlie.page.locator(".app-people").inner_text()


def test_an_agreement_of_the_wrong_parent_is_undone(visitor, world):
    cast, _, url = world
    alice = visitor(cast.alice).is_signed_in().goes_to(f"{url}sharing/agreement/")
    alice.group("Who decided?").get_by_label("Tunde", exact=False).check()
    alice.answers("What did they decide?", "They no longer agree").answers("How?", "They said so")
    alice.types("Who heard it?", "Alice").presses("Continue").presses("Record the decision")
    alice.follows("Was it recorded by mistake?").sees("Tunde Okafor", "Withdrew")
    alice.presses("It was recorded by mistake").sees("There is a problem", "Enter how you know")
    alice.types("How do you know that it was recorded by mistake?", "It was another family’s father.")
    alice.presses("It was recorded by mistake").sees("It counts for nothing now", "Not asked yet")
    alice.goes_to(f"{url}chronology/").sees("Recorded by mistake, and taken back").does_not_see("withdrew")


def test_sharing_of_five_people_and_six_agencies_is_changed_in_the_table(visitor, world):
    cast, family, url = world
    with acting_as_system("test"):
        more = [Agency.objects.create(name=name, kind="voluntary") for name in ("Marsh Lane", "Homes", "Young carers")]
    for name in ("Ben", "Chi"):
        add_sibling(family, cast.alice, kind="child", first_name=name, last_name="Okafor")
    with acting_as(cast.alice):
        grace = person_of(family, mother)
        theirs = [grace, *family.people().filter(kind="child")]
        choices = [Choice(p, agency, Tier.BASIC, grace) for p in theirs for agency in (*more, cast.other_school)]
        record_choices(family=family, choices=choices, actor=cast.alice)
    alice = visitor(cast.alice).is_signed_in().goes_to(f"{url}sharing/")
    table = alice.page.locator(".app-sharing")
    assert table.locator("tbody tr").count() == 5
    assert table.locator("thead th").count() == 7
    box = table.bounding_box()
    assert box
    assert box["height"] <= 900
    alice.comes_by(table.get_by_role("link", name="Change what Ada Okafor shares"))
    alice.answers("Who decided?", "Grace Okafor").answers("Homes", "Never").presses("Record these choices")
    cell = table.locator("tbody tr", has_text="Ada Okafor").locator("td[data-label=Homes]")
    assert "Never share" in cell.inner_text()
    alice.follows("Stop sharing with Marsh Lane").answers("Who decided?", "Grace Okafor").presses("Stop sharing")
    alice.sees("Nothing is shared with Marsh Lane any more")
    assert table.get_by_role("link", name="Stop sharing with Marsh Lane").count() == 0
    with acting_as(cast.alice):
        assert person_of(family, child)
