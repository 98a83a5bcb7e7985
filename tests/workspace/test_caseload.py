"""How families stand in lists follows what they follow from, at once."""

from datetime import timedelta

import pytest

from consent.models import Agreement
from earlyhelp.access.identity import acting_as, acting_as_system
from earlyhelp.access.triggers import disagreements
from earlyhelp.accounts.models import Membership, User
from earlyhelp.core import clock
from earlyhelp.timescales.models import Timescale
from earlyhelp.workspace.models import CaseloadDetail, CaseloadEntry
from families.models import Episode, Lead, Request
from tests.cast import ask


@pytest.fixture(autouse=True)
def as_system(db):
    with acting_as_system("test"):
        yield
        assert not any(disagreements().values())


def entry(family) -> CaseloadEntry:
    return CaseloadEntry.objects.get(family=family)


def lead_is_missing(family) -> bool:
    return CaseloadEntry.objects.without_lead().filter(family=family).exists()


def test_a_family_stands_with_who_leads_and_what_is_due_next(cast, family):
    line = entry(family)
    assert (line.name, line.locality, line.runner, line.agency, line.leads) == (
        family.name, family.locality, cast.alice, cast.school, True
    )  # fmt: skip
    nearest = Timescale.objects.filter(family=family, met_at=None, stopped_at=None).order_by("due_at").first()
    assert (line.next_due_at, line.next_kind) == (nearest.due_at, nearest.kind)
    Timescale.objects.filter(pk=nearest.pk).update(due_at=nearest.due_at + timedelta(days=3))
    assert entry(family).first_due_at == nearest.due_at
    Timescale.objects.filter(family=family).update(met_at=clock.now())
    assert entry(family).next_due_at is None


@pytest.mark.parametrize("how", ["account", "role", "agency", "last day"])
def test_a_family_is_without_lead_from_the_second_in_which_its_lead_is_gone(cast, family, how):
    assert not lead_is_missing(family)
    match how:
        case "account":
            User.objects.filter(pk=cast.alice.pk).update(is_active=False)
        case "role":
            Membership.objects.filter(user=cast.alice).delete()
        case "agency":
            cast.school.is_open = False
            cast.school.save()
        case "last day":
            Membership.objects.filter(user=cast.alice).update(ends_at=clock.now() + timedelta(days=1))
            assert not lead_is_missing(family)
            with clock.frozen_at(clock.now() + timedelta(days=1)):
                assert lead_is_missing(family)
            return
    assert lead_is_missing(family)


def test_a_family_without_a_word_and_one_that_took_it_back_are_without_agreement(cast, family):
    assert not CaseloadEntry.objects.without_agreement().exists()
    Agreement.objects.filter(family=family).update(decision="withdrawn")
    assert entry(family).agreed is False
    assert CaseloadEntry.objects.without_agreement().filter(family=family).exists()
    Episode.objects.filter(family=family).update(stage="first_contact")
    assert not CaseloadEntry.objects.without_agreement().exists()


def test_who_may_know_the_family_reads_its_line_and_who_leads_or_oversees_reads_more(cast, family):
    for user, line, more in (
        (cast.alice, True, True),
        (cast.manager, True, True),
        (cast.charlie, True, False),
        (cast.locality, True, False),
        (cast.dana, False, False),
        (cast.admin, False, False),
    ):
        with acting_as(user):
            assert CaseloadEntry.objects.filter(family=family).exists() == line
            assert CaseloadDetail.objects.filter(family=family).exists() == more


def test_nobody_leads_once_the_lead_has_ended(cast, family):
    Lead.objects.filter(family=family).update(status="ended")
    assert entry(family).leads is False
    assert lead_is_missing(family)


def test_the_level_of_what_a_young_person_asked_for_themselves_is_nowhere_in_lists(cast, family):
    before = CaseloadDetail.objects.get(family=family).level_of_need
    asked = ask(cast, name="Okafor", level_of_need="4")
    Request.objects.filter(pk=asked.pk).update(family=family, who_asks="young_person", received_at=clock.now())
    assert CaseloadDetail.objects.get(family=family).level_of_need == before
    other = ask(cast, name="Okafor", level_of_need="3")
    Request.objects.filter(pk=other.pk).update(family=family, received_at=clock.now())
    assert CaseloadDetail.objects.get(family=family).level_of_need == "3"
