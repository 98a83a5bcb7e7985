"""What was recorded can be corrected, retired or taken back, and history keeps it."""

from datetime import timedelta

import pytest
from django.urls import reverse

from earlyhelp.access.identity import acting_as, acting_as_system
from earlyhelp.access.models import Change
from earlyhelp.core import clock
from earlyhelp.core.errors import Refused
from families.models import Address, ContactDetail, Relationship, SearchKey
from families.services import people
from tests.cast import child, mother
from tests.pages import opened, text_of

NUMBER = "01632 960777"


@pytest.fixture
def number(cast, family):
    with acting_as(cast.alice):
        return people.add_contact_detail(
            person=mother(family), actor=cast.alice, kind="phone", value=NUMBER, safe_times="", voicemail=None, text=None,
            who_may_answer="", must_not_know="",
        )  # fmt: skip


def shown(client, family) -> str:
    """Everywhere that a number stands."""
    return " ".join(text_of(client.get(family.get_absolute_url() + page)) for page in ("people/", "contact/"))


def test_a_number_that_is_not_safe_any_more_is_gone_and_history_keeps_it(cast, sign_in, family, number):
    alice = sign_in(cast.alice)
    assert shown(alice, family).count(NUMBER) >= 2
    url = reverse("retire_contact", args=[family.reference, number.pk])
    assert "Select why it is not used any more" in text_of(alice.post(url, opened(alice, url)))
    answer = alice.post(url, opened(alice, url) | {"because": "unsafe"}, follow=True)
    assert "History keeps it" in text_of(answer)
    assert NUMBER not in shown(alice, family)
    assert NUMBER not in shown(sign_in(cast.charlie), family)
    with acting_as(cast.alice):
        row = ContactDetail.objects.get(pk=number.pk)
        assert (row.retired_on, row.retired_because) == (clock.today(), "unsafe")
        assert Change.objects.of(row).count() == 2
    assert alice.get(url).status_code == 404


def test_a_number_is_gone_from_the_day_that_was_said(cast, family, number):
    with acting_as(cast.alice):
        with pytest.raises(Refused, match="today or in the past"):
            people.retire(fact=number, on=clock.today() + timedelta(days=1), because="changed", actor=cast.alice)
        people.retire(fact=number, on=clock.today(), because="mistake", actor=cast.alice)
        for again in ("changed", "unsafe"):
            with pytest.raises(Refused, match="isn’t used any more"):
                people.retire(fact=number, on=clock.today(), because=again, actor=cast.alice)


def test_a_number_is_changed_and_marked_not_to_be_disclosed(cast, sign_in, family, number):
    alice, url = sign_in(cast.alice), reverse("change_contact", args=[family.reference, number.pk])
    form = opened(alice, url) | {"value": "01632 960778", "must_not_know": "Her brother", "do_not_disclose": "on"}
    assert alice.post(url, form).status_code == 302
    page = shown(alice, family)
    assert NUMBER not in page
    assert "01632 960778" in page
    assert "Do not disclose" in page
    assert "Must not know of it: Her brother" in page


def relate(cast, family, one, other, **more):
    with acting_as(cast.alice):
        said = {"kind": "mother", "parental_responsibility": "unknown"} | more
        people.relate(person=one, to_person=other, actor=cast.alice, **said)


def pair(cast, family):
    with acting_as(cast.alice):
        return mother(family), child(family)


def test_a_relation_stands_on_both_sides_and_can_be_removed(cast, sign_in, family):
    grace, ada = pair(cast, family)
    relate(cast, family, grace, ada, parental_responsibility="yes")
    alice = sign_in(cast.alice)
    page = text_of(alice.get(f"{family.get_absolute_url()}people/"))
    assert "Mother of Ada Okafor" in page
    assert "Grace Okafor is mother" in page
    with acting_as(cast.alice):
        relation = Relationship.objects.get()
        people.relate(
            person=grace, to_person=ada, kind="mother", parental_responsibility="no", actor=cast.alice, confirmed=True
        )
    url = reverse("unrelate", args=[family.reference, relation.pk])
    assert "Is Grace Okafor not mother of Ada Okafor?" in text_of(alice.get(url))
    assert alice.post(url).status_code == 302
    page = text_of(alice.get(f"{family.get_absolute_url()}people/"))
    assert "other of Ada" not in page
    assert "is mother" not in page
    with acting_as_system("test"):
        assert Change.objects.filter(table_name="families_relationship").count() == 3


def test_a_child_older_than_its_parent_is_asked_about_and_can_be_right(cast, sign_in, family):
    grace, ada = pair(cast, family)
    alice, url = sign_in(cast.alice), reverse("relate", args=[family.reference, ada.pk])
    assert "Why is it right all the same?" not in text_of(alice.get(url))
    form = {"to_person": grace.pk, "kind": "Mother", "parental_responsibility": "no", "right_because": ""}
    page = text_of(alice.post(url, form))
    assert "Ada is younger than Grace. Check it. If it is right, say why" in page
    assert "Why is it right all the same?" in page
    assert alice.post(url, form | {"right_because": "Her stepmother’s child."}).status_code == 302


def test_two_who_are_mother_of_each_other_are_asked_about(cast, family):
    grace, ada = pair(cast, family)
    relate(cast, family, grace, ada)
    with acting_as_system("test"):
        type(ada).objects.filter(pk=ada.pk).update(date_of_birth=None)
        ada.refresh_from_db()
    with pytest.raises(Refused, match="Grace is recorded as a parent of Ada already"):
        relate(cast, family, ada, grace)


def test_a_child_of_nine_has_no_parental_responsibility_whatever_is_said(cast, family):
    grace, ada = pair(cast, family)
    with pytest.raises(Refused, match="Ada is a child, so can’t have parental responsibility"):
        relate(cast, family, ada, grace, parental_responsibility="yes", right_because="She looks after her mother.")


@pytest.mark.parametrize("because", ["moved", "mistake"])
def test_an_address_that_is_none_any_more_is_gone_from_pages_and_search_and_history_keeps_it(
    cast, sign_in, family, because
):
    with acting_as(cast.alice):
        home = people.add_address(
            family=family, person=None, lines="9 Mill Lane", postcode="MX7 7ZZ", do_not_disclose=False, actor=cast.alice
        )
    alice = sign_in(cast.alice)
    address = f"{family.get_absolute_url()}people/"
    assert "9 Mill Lane" in text_of(alice.get(address))
    assert keys_of("MX77ZZ")
    url = reverse("retire_address", args=[family.reference, home.pk])
    assert "Select why it is not used any more" in text_of(alice.post(url, opened(alice, url)))
    assert "9 Mill Lane" in text_of(alice.get(url))
    tomorrow = clock.today() + timedelta(days=1)
    form = opened(alice, url) | {"because": because}
    days = {"on_day": tomorrow.day, "on_month": tomorrow.month, "on_year": tomorrow.year}
    assert "must be today or in the past" in text_of(alice.post(url, form | days))
    assert "History keeps it" in text_of(alice.post(url, form, follow=True))
    assert "9 Mill Lane" not in text_of(alice.get(address))
    assert not keys_of("MX77ZZ")
    with acting_as(cast.alice):
        row = Address.objects.get(pk=home.pk)
        assert (row.retired_on, row.retired_because) == (clock.today(), because)
        assert Change.objects.of(row).count() == 2
        with pytest.raises(Refused, match="isn’t used any more"):
            people.change_address(
                address=row, version=row.version, lines="x", postcode="", do_not_disclose=False, actor=cast.alice
            )
    for gone in ("retire_address", "change_address"):
        assert alice.get(reverse(gone, args=[family.reference, home.pk])).status_code == 404


def keys_of(postcode) -> bool:
    with acting_as_system("test"):
        return SearchKey.objects.filter(key=postcode).exists()
