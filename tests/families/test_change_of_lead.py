"""The lead changes: both read before what follows, nobody is thrown out by surprise, and one of two leads."""

from datetime import date

import pytest
from django.urls import reverse

from consent.models import Tier
from consent.services.ledger import record_choices
from consent.word import Choice
from earlyhelp.access.identity import acting_as, acting_as_system
from earlyhelp.access.levels import Level
from earlyhelp.accounts.models import Membership
from earlyhelp.core.errors import Refused
from earlyhelp.notifications.models import Notification
from families.models import Family, Lead, Person, TeamMember
from families.services import team
from tests.access.test_who_sees import level
from tests.cast import add_sibling, make_user, mother, new_family, share
from tests.pages import opened, text_of


def asked(cast, family, user, *, agency=None, by=None, **more) -> Lead:
    by = by or cast.alice
    with acting_as(by):
        return team.ask_to_lead(
            family=family,
            episode=family.episode(),
            user=user,
            agency=agency or cast.health,
            without_wish="Grace knows them.",
            actor=by,
            **more,
        )


def accepts(lead: Lead) -> None:
    with acting_as(lead.user):
        team.answer_lead(lead=lead, accept=True, reason="", actor=lead.user)


def told(user, kind) -> int:
    with acting_as_system("test"):
        return Notification.objects.filter(user=user, kind=f"families.{kind}").count()


@pytest.fixture
def tola(cast, family):
    """Sixteen, who shares with school, and told health nothing."""
    born = date(2010, 3, 1)
    tola = add_sibling(family, cast.alice, kind="child", first_name="Tola", last_name="Okafor", date_of_birth=born)
    with acting_as_system("test"):
        choices = [Choice(tola, cast.school, Tier.ADDITIONAL, tola), Choice(tola, cast.health, Tier.NONE, tola)]
        record_choices(family=family, choices=choices, actor=cast.alice)
    return tola


def test_whoever_led_stays_on_the_team_unless_they_chose_to_leave(cast, sign_in, family):
    before = told(cast.alice, "lead_answered")
    accepts(asked(cast, family, cast.charlie))
    assert level(cast.charlie, family) == Level.LEAD
    assert level(cast.alice, family) == Level.CONTRIBUTE
    page = sign_in(cast.alice).get(family.get_absolute_url())
    assert page.status_code == 200
    assert "Charlie" in text_of(page)
    assert (told(cast.alice, "stays_on_team"), told(cast.alice, "lead_answered")) == (1, before), "told once"
    with acting_as(cast.charlie):
        place = TeamMember.objects.get(family=family, user=cast.alice)
        assert (place.role, place.status, place.agency) == ("contributor", "accepted", cast.school)


def test_who_chose_to_leave_leaves_and_is_told_so(cast, sign_in, family):
    before = told(cast.alice, "lead_answered")
    accepts(asked(cast, family, cast.charlie, stays=False))
    assert level(cast.alice, family) == Level.NONE
    assert "Your access has ended" in text_of(sign_in(cast.alice).get(family.get_absolute_url()))
    assert (told(cast.alice, "led_until_now"), told(cast.alice, "lead_answered")) == (1, before), "told once"


def test_whoever_made_the_first_contact_stays_too(cast):
    family = new_family(cast)
    share(cast, family, cast.school, cast.health)
    accepts(asked(cast, family, cast.charlie))
    assert level(cast.alice, family) == Level.CONTRIBUTE


def test_where_someone_is_not_shown_to_the_new_lead_whoever_can_ask_them_stays(cast, family, tola):
    accepts(asked(cast, family, cast.charlie, stays=False))
    assert level(cast.alice, family) == Level.CONTRIBUTE
    for user, knows in ((cast.alice, True), (cast.charlie, False)):
        with acting_as(user):
            assert Person.objects.filter(pk=tola.pk).exists() == knows


def test_nobody_is_asked_to_lead_while_someone_would_be_left_with_nobody(cast, sign_in, family, tola):
    with acting_as_system("test"):
        record_choices(family=family, choices=[Choice(tola, cast.school, Tier.NONE, tola)], actor=cast.alice)
    mia = add_sibling(
        family, cast.alice, kind="child", first_name="Mia", last_name="Okafor", date_of_birth=date(2018, 3, 1)
    )
    alice, url = sign_in(cast.alice), reverse("ask_to_lead", args=[family.reference])
    form = opened(alice, url) | {
        "who": f"{cast.charlie.pk}-{cast.health.pk}", "without_wish": "Tola is away this week.", "because": "Ada has left the school.",
    }  # fmt: skip
    page = text_of(alice.post(url, form))
    assert "Mia would be left with nobody who may know of them." in page
    with acting_as_system("test"):
        grace = mother(family)
        record_choices(family=family, choices=[Choice(mia, cast.health, Tier.BASIC, grace)], actor=cast.alice)
    assert alice.post(url, form).status_code == 302


def test_whoever_a_change_of_lead_hides_is_named_to_those_who_can_help(cast, sign_in, family, tola):
    with acting_as_system("test"):
        lead = asked(cast, family, cast.charlie)
        Notification.objects.all().delete()
    url = reverse("answer_lead", args=[family.reference, lead.pk])
    assert sign_in(cast.charlie).post(url, {"answer": "yes"}).status_code == 302
    with acting_as_system("test"):
        told_of = {n.user for n in Notification.objects.filter(kind="consent.nobody_goes_on")}
    assert told_of == {cast.locality, cast.service}


def test_who_no_longer_works_there_gets_no_place(cast, family):
    lead = asked(cast, family, cast.charlie)
    with acting_as_system("test"):
        Membership.objects.filter(user=cast.alice).update(agency=cast.other_school)
    accepts(lead)
    assert level(cast.alice, family) == Level.NONE


def test_both_read_before_what_follows(cast, sign_in, family, tola):
    alice, url = sign_in(cast.alice), reverse("ask_to_lead", args=[family.reference])
    page = text_of(alice.get(url))
    assert "Whoever accepts first leads from then on" in page
    assert "Once someone else leads, what will you do?" in page
    form = opened(alice, url) | {"who": f"{cast.charlie.pk}-{cast.health.pk}", "without_wish": "Grace knows Charlie."}
    assert form["stays"] == "yes"
    assert "Enter why the lead changes" in text_of(alice.post(url, form))
    form |= {"because": "Ada has left the school."}
    refused = text_of(alice.post(url, form | {"stays": "no"}))
    assert "1 of the family’s people share nothing with Health visiting. Whoever runs the support now stays" in refused
    assert alice.post(url, form).status_code == 302

    charlie = sign_in(cast.charlie)
    with acting_as(cast.charlie):
        lead = Lead.objects.get(user=cast.charlie)
    page = text_of(charlie.get(reverse("answer_lead", args=[family.reference, lead.pk])))
    assert "Ada has left the school." in page
    assert "Alice (Birch Primary School) leads now. Once you accept, Alice stays on the team" in page
    assert "One person of the family isn’t shown to you: they share nothing with Health visiting." in page
    assert "Alice stays the one who can ask them." in page
    assert "Tola" not in page


def test_the_family_is_told_in_a_letter_and_the_team_page_keeps_why(cast, sign_in, family):
    lead = asked(cast, family, cast.charlie, because="Ada has left the school.")
    charlie = sign_in(cast.charlie)
    answer = charlie.post(reverse("answer_lead", args=[family.reference, lead.pk]), {"answer": "yes"}, follow=True)
    assert "Print the letter that tells the family" in text_of(answer)
    page = text_of(charlie.get(reverse("team", args=[family.reference])))
    assert "Why the lead changed: Ada has left the school." in page
    assert "Why before everyone had said whom they would like: Grace knows Alice." in page
    assert "until 23 November 2026" in page
    letter = charlie.post(reverse("print_letter", args=[family.reference]))
    assert letter["Content-Type"] == "application/pdf"


@pytest.mark.parametrize("first", ["charlie", "zoe"])
def test_of_two_who_are_asked_one_leads_and_the_other_is_told_which(cast, family, first):
    zoe = make_user("Zoe", cast.health)
    rows = {"charlie": asked(cast, family, cast.charlie), "zoe": asked(cast, family, zoe)}
    winner, other = rows.pop(first), next(iter(rows.values()))
    accepts(winner)
    with pytest.raises(
        Refused, match=rf"{winner.user} \(Health visiting\) accepted to lead before you, asked by Alice"
    ):
        accepts(other)
    assert told(other.user, "lead_not_needed") == 1
    assert (level(winner.user, family), told(winner.user, "lead_not_needed")) == (Level.LEAD, 0)
    with acting_as(cast.service):
        assert Lead.objects.get(pk=other.pk).status == "not_needed"
        assert Family.objects.get(pk=family.pk).episode().leads.filter(status="accepted").count() == 1
