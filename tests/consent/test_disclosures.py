"""Every copy says whom it is for, and is in the log."""

from datetime import date, timedelta

import pytest

from consent.models import Agreement, Disclosure, Tier
from consent.services.ledger import record_agreement, record_choices
from consent.word import Choice, Decision
from earlyhelp.access.identity import acting_as, acting_as_system
from earlyhelp.core import clock
from tests.cast import add_sibling, child, mother
from tests.consent.test_lawful import answers, url_of


def form_of(family) -> str:
    return f"{family.get_absolute_url()}sharing/form/"


def people_of(family):
    with acting_as_system("test"):
        return list(family.people())


def given(family) -> list[tuple[str, str, str]]:
    with acting_as_system("test"):
        rows = Disclosure.objects.filter(family=family).order_by("pk")
        return [(row.what, row.to_whom, row.basis) for row in rows]


def test_a_copy_asks_whom_it_is_for_and_is_logged_with_the_answer(cast, sign_in, family):
    alice = sign_in(cast.alice)
    question = alice.get(form_of(family))
    assert question["Content-Type"].startswith("text/html")
    assert "Who is this copy for?" in question.content.decode()
    assert "Select who it is for" in alice.post(form_of(family), {}).content.decode()
    assert given(family) == []
    pdf = alice.post(form_of(family), {"for_whom": "family"})
    assert pdf.content.startswith(b"%PDF")
    alice.post(form_of(family), {"for_whom": "agency", "agency": cast.health.pk})
    alice.post(form_of(family), {"for_whom": "agreed", "to_whom": "Joy Bell, food bank"})
    what = "The form, filled in"
    assert given(family) == [
        (what, "The family", "family"),
        (what, "Health visiting", "agreement"),
        (what, "Joy Bell, food bank", "agreement"),
    ]
    page = alice.get(f"{family.get_absolute_url()}sharing/given/").content.decode()
    assert f"Printed: {what}" in page
    assert "Joy Bell, food bank" in page


def test_a_blank_form_is_for_anyone(cast, sign_in):
    assert sign_in(cast.dana).get("/agreement-form/").content.startswith(b"%PDF")


@pytest.mark.parametrize("what", ["stranger agency", "basic only", "one person", "never asked", "withdrawn"])
def test_no_copy_for_an_agency_that_the_family_does_not_share_so_much_with(cast, sign_in, what, family):
    agency, reason = cast.health, ""
    with acting_as(cast.alice):
        grace, ada = mother(family), child(family)
        if what == "stranger agency":
            agency, reason = cast.council, "The family does not share with Early help service."
        elif what == "basic only":
            choices = [Choice(p, agency, Tier.BASIC, grace) for p in (grace, ada)]
            record_choices(family=family, choices=choices, actor=cast.alice)
            reason = "The family shares only basic information with Health visiting."
        elif what == "one person":
            record_choices(family=family, choices=[Choice(ada, agency, Tier.NONE, grace)], actor=cast.alice)
            reason = "This copy tells of someone who does not share that much with Health visiting."
        elif what == "withdrawn":
            record_agreement(family=family, decision=Decision(person=grace, decision=Agreement.Decision.WITHDRAWN, how="verbal", decided_on=clock.today(), witness="Alice"), choices=[], actor=cast.alice)  # fmt: skip
            reason = "The family does not agree to early help now."
    if what == "never asked":
        add_sibling(
            family, cast.alice, kind="child", first_name="Tola", last_name="Okafor", date_of_birth=date(2015, 1, 1)
        )
        reason = "This copy tells of someone who does not share that much with Health visiting."
    page = sign_in(cast.service).post(form_of(family), {"for_whom": "agency", "agency": agency.pk})
    assert page["Content-Type"].startswith("text/html")
    text = page.content.decode()
    assert reason in text
    assert "Ask the family first, or see whether the law gives a reason to share all the same." in text
    assert given(family) == []


def test_a_copy_without_agreement_names_the_decision_that_allows_it(cast, sign_in, family):
    alice = sign_in(cast.alice)
    page = alice.post(form_of(family), {"for_whom": "lawful"}).content.decode()
    assert "If there is none, record it first" in page
    about_ada = alice.post(url_of(family), answers(cast, family)).url.rstrip("/").split("/")[-1]
    everyone = [person.pk for person in people_of(family)]
    about_both = alice.post(url_of(family), answers(cast, family, about=everyone)).url.rstrip("/").split("/")[-1]
    page = alice.post(form_of(family), {"for_whom": "lawful", "decision": about_ada})
    assert "That decision is not about everyone whom this tells of" in page.content.decode()
    pdf = alice.post(form_of(family), {"for_whom": "lawful", "decision": about_both})
    assert pdf.content.startswith(b"%PDF")
    assert given(family)[-1] == ("The form, filled in", "Sergeant Lowe, Castshire Police", "lawful")
    own = next(p.pk for p in people_of(family) if p.first_name == "Ada")
    pdf = alice.post(f"{form_of(family)}?person={own}", {"for_whom": "lawful", "decision": about_ada})
    assert pdf.content.startswith(b"%PDF")


def test_no_copy_for_an_agency_once_the_agreement_has_run_out(cast, sign_in, family):
    with acting_as(cast.alice):
        grace = mother(family)
        record_agreement(family=family, decision=Decision(person=grace, decision=Agreement.Decision.GIVEN, how="verbal", decided_on=clock.today(), witness="Alice", until=clock.now() + timedelta(days=2)), choices=[], actor=cast.alice)  # fmt: skip
    with clock.frozen_at(clock.now() + timedelta(days=3)):
        page = sign_in(cast.service).post(form_of(family), {"for_whom": "agency", "agency": cast.health.pk})
    assert "The family does not agree to early help now." in page.content.decode()


def test_a_lead_from_whom_someone_is_kept_does_not_read_in_the_log_what_was_given_of_them(cast, sign_in, family):
    sign_in(cast.service).post(url_of(family), answers(cast, family, adviser=cast.service.pk))
    sign_in(cast.manager).post(url_of(family), answers(cast, family, adviser=cast.service.pk))
    log = f"{family.get_absolute_url()}sharing/given/"
    assert "What Ada said on Friday." in sign_in(cast.alice).get(log).content.decode()
    with acting_as(cast.alice):
        record_choices(
            family=family, choices=[Choice(child(family), cast.school, Tier.NONE, mother(family))], actor=cast.alice
        )
    assert "What Ada said on Friday." not in sign_in(cast.alice).get(log).content.decode()
    assert "What Ada said on Friday." in sign_in(cast.service).get(log).content.decode()


def record(**changes):
    now = clock.in_london(clock.now() - timedelta(minutes=5))
    return {
        "what": "That Ada was at school",
        "how": "told",
        "for_whom": "agency",
        "at_day": now.day,
        "at_month": now.month,
        "at_year": now.year,
        "at_time": f"{now:%H:%M}",
        **changes,
    }


def test_what_was_told_is_recorded_by_who_told_it_and_seen_by_the_lead(cast, sign_in, family):
    url = f"{family.get_absolute_url()}sharing/given/"
    charlie = sign_in(cast.charlie)
    page = charlie.post(f"{url}record/", record(agency=cast.health.pk), follow=True).content.decode()
    assert "Told: That Ada was at school" in page
    assert "You see what you gave yourself" in page
    sign_in(cast.alice).post(f"{url}record/", record(what="The next date", for_whom="family"))
    assert "The next date" not in charlie.get(url).content.decode()
    everything = sign_in(cast.alice).get(url).content.decode()
    assert "The next date" in everything
    assert "That Ada was at school" in everything
    refused = charlie.post(f"{url}record/", record(agency=cast.council.pk)).content.decode()
    assert "The family does not share with Early help service." in refused
    assert sign_in(cast.locality).get(url).status_code == 403
    assert sign_in(cast.dana).get(url).status_code == 404


def test_the_log_asks_no_more_of_many_than_of_few(cast, sign_in, django_assert_max_num_queries, family):
    url = f"{family.get_absolute_url()}sharing/given/"
    with acting_as_system("test"):
        Disclosure.objects.bulk_create(
            Disclosure(
                family=family, at=clock.now(), how="told", what=f"Thing {n}", to_whom="x", basis="family",
                created_by=cast.alice,
            )
            for n in range(60)
        )  # fmt: skip
    alice = sign_in(cast.alice)
    alice.get(url)
    with django_assert_max_num_queries(30):
        page = alice.get(url).content.decode()
    assert page.count("Told: Thing") == 25
    assert 'aria-label="Page 3"' in page
