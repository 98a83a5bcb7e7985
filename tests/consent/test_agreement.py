"""What each person of a family decides, how, and what follows from a no."""

import base64
import io
import re
from datetime import date, timedelta
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from PIL import Image, ImageDraw
from pypdf import PdfReader

from consent.models import Agreement, Competence, ExcludedPerson, SharingChoice, Signature, Tier, Wording
from consent.services.ledger import record_agreement, record_choices, withdraw_from
from consent.services.own_word import judge
from consent.services.wording import read
from consent.word import Choice, Decision
from earlyhelp.access.identity import acting_as, acting_as_system
from earlyhelp.access.models import Grant, ReadLog
from earlyhelp.core import clock
from earlyhelp.core.errors import Refused
from earlyhelp.notifications.models import Notification
from families.models import Person, PersonDetails, Relationship
from tests import cast as told
from tests.cast import add_sibling, led_family, new_family, set_procedure, share
from tests.pages import opened, second_page, text_of

TODAY = {"decided_on_day": 23, "decided_on_month": 11, "decided_on_year": 2026}


def mother(family):
    with acting_as_system("test"):
        return told.mother(family)


def child(family):
    with acting_as_system("test"):
        return told.child(family)


def details(family, person, **known):
    with acting_as_system("test"):
        PersonDetails.objects.filter(family=family, person=person).delete()
        PersonDetails.objects.create(family=family, person=person, **known)


def decide(cast, family, person, decision, *, how="verbal", choices=(), **more):
    said = {"witness": "Alice", "decided_on": clock.today()} | more
    said = Decision(person=person, decision=decision, how=how, **said)
    with acting_as(cast.alice):
        return record_agreement(family=family, decision=said, choices=choices, actor=cast.alice)


def someone(cast, family, name, born, kind="child", **more):
    return add_sibling(family, cast.alice, kind=kind, first_name=name, last_name="Okafor", date_of_birth=born, **more)


def judged(cast, family, person, competent):
    with acting_as(cast.alice):
        judge(
            family=family, person=person, competent=competent, reasons="She told me what would happen.",
            judged_on=clock.today(), actor=cast.alice,
        )  # fmt: skip


def publish() -> Wording:
    texts = ("introduction", "held", "shared", "basic", "additional", "refusing", "withdrawing", "limits")
    return Wording.objects.create(
        **{name: f"About {name}." for name in texts}, statements="I agree.\nI was told.", published_at=clock.now()
    )


def drawing(*, empty: bool = False) -> str:
    picture = Image.new("RGBA", (300, 100), (0, 0, 0, 0))
    if not empty:
        ImageDraw.Draw(picture).line([(10, 50), (200, 60), (280, 20)], fill="black", width=3)
    out = io.BytesIO()
    picture.save(out, format="PNG")
    return "data:image/png;base64," + base64.b64encode(out.getvalue()).decode()


def said(cast, family, **more):
    """What Alice sends when Grace agrees on the phone."""
    grace, ada = mother(family), child(family)
    return {
        "person": grace.pk, "decision": "given", "how": "verbal", "witness": "Alice", "explained": ["held", "refuse"],
        "covers": [grace.pk, ada.pk], f"agency_{cast.school.pk}": "2", **TODAY, **more,
    }  # fmt: skip


def page_of(cast, sign_in, user, family, path="sharing/"):
    return sign_in(user).get(f"{family.get_absolute_url()}{path}").content.decode()


def names_seen(user) -> list[str]:
    with acting_as(user):
        return list(Person.objects.order_by("first_name").values_list("first_name", flat=True))


def kinds_for(user) -> set[str]:
    with acting_as_system("test"):
        return set(Notification.objects.filter(user=user).values_list("kind", flat=True))


# Who decides


def test_the_page_names_each_who_decides_and_who_was_not_asked_yet(cast, sign_in, family):
    john = someone(cast, family, "John", date(1988, 1, 1), kind="adult", home="elsewhere")
    someone(cast, family, "Uncle", date(1980, 1, 1), kind="adult", home="elsewhere")
    someone(cast, family, "Tola", date(2011, 1, 1))
    with acting_as(cast.alice):
        Relationship.objects.create(
            family=family, person=john, to_person=child(family), kind="father", parental_responsibility="yes"
        )
    table = page_of(cast, sign_in, cast.alice, family).split("<table")[1].split("</table>")[0]
    assert "Grace Okafor" in table
    assert "John Okafor" in table
    assert "Has parental responsibility" in table
    assert "Old enough to decide for themselves" in table
    assert table.count("Not asked yet") == 2
    assert "Ada" not in table
    assert "Uncle" not in table


def test_parents_who_disagree_are_both_shown_and_nothing_about_the_one_who_said_no_is_shared(cast, sign_in, family):
    john = someone(cast, family, "John", date(1988, 1, 1), kind="adult")
    decide(
        cast, family, john, "given",
        choices=[Choice(john, agency, Tier.ADDITIONAL, john) for agency in (cast.school, cast.health)],
    )  # fmt: skip
    assert "John" in names_seen(cast.charlie)
    decide(cast, family, john, "refused")
    assert "John" not in names_seen(cast.charlie)
    assert {"Grace", "Ada", "John"} == set(names_seen(cast.alice))
    page = page_of(cast, sign_in, cast.alice, family)
    assert "Grace agreed. John did not. Talk with both; nothing about John is shared." in page


def test_a_no_that_came_before_anyone_elses_yes_holds_too(cast, family):
    tola = someone(cast, family, "Tola", date(2011, 1, 1))
    with acting_as(cast.alice):
        record_choices(family=family, choices=[Choice(tola, cast.health, Tier.ADDITIONAL, tola)], actor=cast.alice)
    decide(cast, family, mother(family), "withdrawn")
    decide(cast, family, tola, "refused")
    decide(cast, family, mother(family), "given")
    assert names_seen(cast.charlie) == ["Ada", "Grace"]


def test_nobody_raises_what_a_competent_twelve_year_old_refused(cast, family):
    nia = someone(cast, family, "Nia", date(2014, 3, 1))
    by_mother = [Choice(nia, cast.health, Tier.ADDITIONAL, mother(family))]
    with acting_as(cast.alice):
        record_choices(family=family, choices=by_mother, actor=cast.alice)
    assert "Nia" in names_seen(cast.charlie)
    with pytest.raises(Refused, match="Nia doesn’t decide for themselves yet"):
        decide(cast, family, nia, "refused")
    judged(cast, family, nia, True)
    agreement = decide(cast, family, nia, "refused")
    with acting_as_system("test"):
        assert agreement.competence.competent
    assert "Nia" not in names_seen(cast.charlie)
    with pytest.raises(Refused, match="Nia decides for themselves"):
        decide(cast, family, mother(family), "given", choices=by_mother)
    assert "Nia" not in names_seen(cast.charlie)
    with acting_as_system("test"):
        assert SharingChoice.objects.filter(person=nia).first().tier == Tier.NONE


def test_an_older_one_judged_not_to_understand_yet_is_decided_for_by_a_parent(cast, sign_in, family):
    tola = someone(cast, family, "Tola", date(2011, 1, 1))
    judged(cast, family, tola, False)
    with acting_as(cast.alice):
        record_choices(family=family, choices=[Choice(tola, cast.health, Tier.BASIC, mother(family))], actor=cast.alice)
    assert "Tola" in names_seen(cast.charlie)
    assert "Not yet: “" in page_of(cast, sign_in, cast.alice, family)


def test_a_judgement_is_recorded_with_its_reasons_and_earlier_ones_stay(cast, sign_in, family):
    url = f"{family.get_absolute_url()}sharing/competence/{child(family).pk}/"
    alice = sign_in(cast.alice)
    day = {"judged_on_day": 23, "judged_on_month": 11, "judged_on_year": 2026}
    assert "Enter how you know" in alice.post(url, {"competent": "no", **day}).content.decode()
    alice.post(url, {"competent": "no", "reasons": "She is nine.", **day})
    alice.post(url, {"competent": "yes", "reasons": "She explained it back to me.", **day})
    page = alice.get(url).content.decode()
    assert "She is nine." in page
    assert "She explained it back to me." in page
    sharing = page_of(cast, sign_in, cast.alice, family)
    assert "She explained it back to me." in sharing
    assert "Judged to understand enough to decide" in sharing
    with acting_as_system("test"):
        assert Competence.objects.count() == 2
    assert sign_in(cast.charlie).get(url).status_code == 403
    assert sign_in(cast.alice).get(url.replace(str(child(family).pk), str(mother(family).pk))).status_code == 404


def test_an_agency_with_basic_information_is_not_told_what_someone_decided(cast, sign_in, family):
    with acting_as(cast.alice):
        grace = mother(family)
        record_choices(family=family, choices=[Choice(grace, cast.health, Tier.BASIC, grace)], actor=cast.alice)
    page = page_of(cast, sign_in, cast.charlie, family)
    assert "You can’t see this: they share too little with your agency" in page
    assert "I would like mornings to be easier" not in page


def test_a_lead_who_may_know_of_nobody_is_told_who_can_record_a_new_decision(cast, sign_in, family):
    with acting_as(cast.alice):
        withdraw_from(family=family, agency=cast.school, decided_by=mother(family), actor=cast.alice)
    alice = sign_in(cast.alice)
    url = family.get_absolute_url()
    page = alice.get(url).content.decode()
    assert "ask the early help service manager to record it" in page
    refused = alice.get(f"{url}sharing/agreement/")
    assert refused.status_code == 403
    assert "the early help service manager can record it" in refused.content.decode()
    assert f'href="{url}"' in refused.content.decode()
    assert "You may not know of anyone in this family." in alice.get(f"{url}people/").content.decode()
    assert "Grace Okafor" in sign_in(cast.service).get(f"{url}sharing/agreement/").content.decode()


def test_what_someone_shares_with_others_is_not_for_an_agency_that_knows_little_of_them(cast, sign_in, family):
    with acting_as(cast.alice):
        grace = mother(family)
        choices = [
            Choice(grace, cast.health, Tier.BASIC, grace),
            Choice(grace, cast.council, Tier.NONE, grace, never=True),
        ]
        record_choices(family=family, choices=choices, actor=cast.alice)
    lead, nurse = (page_of(cast, sign_in, user, family) for user in (cast.alice, cast.charlie))
    assert "Never share" in lead
    assert "Never share" not in nurse
    pdf = sign_in(cast.charlie).post(f"{family.get_absolute_url()}sharing/form/", {"for_whom": "family"})
    text = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf.content)).pages)
    assert "Ada Okafor" in text
    assert "Grace Okafor" not in text
    whole = sign_in(cast.charlie).get(f"{family.get_absolute_url()}sharing/print/").content.decode()
    assert "Only Grace" not in whole


# Recording


def test_what_was_explained_in_which_language_and_with_whose_help_is_kept(cast, sign_in):
    family = new_family(cast)
    details(family, mother(family), language="Yoruba")
    url = f"{family.get_absolute_url()}sharing/agreement/"
    alice = sign_in(cast.alice)
    assert "Leave empty if it was their own (Grace: Yoruba)" in alice.get(url).content.decode()
    alice.post(url, said(cast, family, helped_by="Bola, interpreter", wishes="Please be gentle."))
    page = page_of(cast, sign_in, cast.alice, family)
    for words in ("In Yoruba.", "Helped by Bola, interpreter", "Please be gentle.", "said so, heard by Alice"):
        assert words in page
    with acting_as_system("test"):
        assert Agreement.objects.get().explained == ["held", "refuse"]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"explained": []}, "Select what you explained"),
        ({"covers": []}, "Select whose information these choices are about"),
        ({"witness": ""}, "Enter who heard it"),
        ({"decided_on_year": 2027}, "The date they decided must be today or in the past"),
        ({"ends_on_day": 1, "ends_on_month": 1, "ends_on_year": 2020}, "The last day must be today or in the future"),
    ],
)
def test_what_is_missing_is_said_beside_it_and_nothing_is_recorded(cast, sign_in, changes, message):
    family = new_family(cast)
    page = sign_in(cast.alice).post(f"{family.get_absolute_url()}sharing/agreement/", said(cast, family, **changes))
    assert message in page.content.decode()
    with acting_as_system("test"):
        assert not Agreement.objects.exists()


def test_nobody_signs_on_screen_before_the_form_has_words(cast, sign_in, monkeypatch):
    monkeypatch.setattr(Wording, "current", lambda: None)
    family = new_family(cast)
    url = f"{family.get_absolute_url()}sharing/agreement/"
    page = sign_in(cast.alice).post(url, said(cast, family, how="drawn"))
    assert "No wording of the form is published yet" in page.content.decode()
    with acting_as_system("test"):
        assert not Agreement.objects.exists()


def test_only_ways_that_local_procedure_accepts_count_but_a_no_may_always_be_spoken(cast, sign_in):
    set_procedure({"agreement.ways.early_help": ["signed"]})
    family = new_family(cast)
    url = f"{family.get_absolute_url()}sharing/agreement/"
    alice = sign_in(cast.alice)
    assert "doesn’t count as agreement here" in alice.post(url, said(cast, family)).content.decode()
    answer = alice.post(url, said(cast, family, decision="refused", explained=[]), follow=True)
    assert "What follows, and what you can still do" in answer.content.decode()


def test_after_a_no_the_next_page_says_what_can_still_be_done(cast, sign_in):
    family = new_family(cast)
    answer = sign_in(cast.alice).post(
        f"{family.get_absolute_url()}sharing/agreement/", said(cast, family, decision="refused"), follow=True
    )
    page = answer.content.decode()
    for words in ("what your own service can do alone", "End early help", "share without agreement"):
        assert words in page
    with acting_as_system("test"):
        assert not SharingChoice.objects.exists()


def test_another_agency_is_added_by_name_and_nothing_typed_is_lost(cast, sign_in):
    family = new_family(cast)
    url = f"{family.get_absolute_url()}sharing/agreement/"
    alice = sign_in(cast.alice)
    first = second_page(alice, url).content.decode()
    assert f'name="agency_{cast.school.pk}"' in first
    assert f'name="agency_{cast.health.pk}"' not in first
    sent = said(cast, family, another=cast.health.pk, wishes="Please ring after ten.")
    page = alice.post(url, sent, follow=True).content.decode()
    assert f'name="agency_{cast.health.pk}"' in page
    assert "Please ring after ten." in page
    alice.post(url, said(cast, family, also=[cast.health.pk], **{f"agency_{cast.health.pk}": "1"}))
    assert "Health visiting" in page_of(cast, sign_in, cast.alice, family)


def test_a_school_of_the_children_and_agencies_named_in_the_request_are_asked_about_first(cast, sign_in):
    family = new_family(cast)
    url = f"{family.get_absolute_url()}sharing/agreement/"
    details(family, child(family), school="oak primary school")
    page = second_page(sign_in(cast.alice), url).content.decode()
    assert f'name="agency_{cast.other_school.pk}"' in page
    assert f'name="agency_{cast.council.pk}"' not in page


def test_leaving_the_leads_own_agency_too_little_has_to_be_confirmed(cast, sign_in):
    family = new_family(cast)
    url = f"{family.get_absolute_url()}sharing/agreement/"
    alice = sign_in(cast.alice)
    never = said(cast, family, **{f"agency_{cast.school.pk}": "never"})
    page = alice.post(url, never).content.decode()
    assert "Without additional information it can’t see the record or help" in page
    with acting_as_system("test"):
        assert not Agreement.objects.exists()
    alice.post(url, never | {"confirmed": "on"})
    with acting_as_system("test"):
        assert Agreement.objects.get().decision == "given"
        assert set(SharingChoice.objects.values_list("tier", "never")) == {(0, True)}


def test_choices_end_and_are_asked_again_when_the_family_says(cast, sign_in, family):
    grace = mother(family)
    url = f"{family.get_absolute_url()}sharing/person/{grace.pk}/"
    alice = sign_in(cast.alice)
    answers = {f"agency_{cast.school.pk}": "2", f"agency_{cast.health.pk}": "2", "decided_by": grace.pk}
    end = {"ends_on_day": 30, "ends_on_month": 11, "ends_on_year": 2026}
    again = {"review_on_day": 27, "review_on_month": 11, "review_on_year": 2026}
    assert alice.post(url, answers | end | again).status_code == 302
    with acting_as_system("test"):
        row = SharingChoice.objects.filter(person=grace, agency=cast.health).first()
        assert clock.in_london(row.ends_at).isoformat() == "2026-12-01T00:00:00+00:00"
        assert row.review_on == date(2026, 11, 27)
        count = SharingChoice.objects.count()
    assert 'value="30"' in alice.get(url).content.decode()
    assert "Ask again 27 November 2026" in page_of(cast, sign_in, cast.alice, family)
    alice.post(url, answers | end | again)
    with acting_as_system("test"):
        assert SharingChoice.objects.count() == count
    with clock.frozen_at(clock.now() + timedelta(days=8)):
        assert "Grace" not in names_seen(cast.charlie)


def test_the_sharing_page_asks_as_much_for_many_people_as_for_few(cast, sign_in, family):
    alice = sign_in(cast.alice)

    def questions():
        with CaptureQueriesContext(connection) as captured:
            assert alice.get(f"{family.get_absolute_url()}sharing/").status_code == 200
        return len(captured)

    questions()
    few = questions()
    for number in range(6):
        person = someone(cast, family, f"Child{number}", date(2010, 1, 1 + number))
        judged(cast, family, person, True)
        decide(cast, family, person, "given")
    assert questions() == few


# Signing on screen


def signs(client, url, sent):
    """Puts a name under what the page shows."""
    page = client.get(f"{url}sign/").content.decode()
    shown = re.search(r'name="shown"[^>]*value="(\w+)"', page) or re.search(r'value="(\w+)"[^>]*name="shown"', page)
    return client.post(f"{url}sign/", {"shown": shown[1], **sent}, follow=True)


def test_nothing_counts_before_the_name_is_under_it(cast, sign_in):
    wording = publish()
    family = new_family(cast)
    alice = sign_in(cast.alice)
    url = f"{family.get_absolute_url()}sharing/agreement/"
    page = alice.post(url, said(cast, family, how="drawn"), follow=True).content.decode()
    for words in ("About held.", "I was told.", "Birch Primary School", "Basic and additional", "All others: nothing"):
        assert words in page
    with acting_as_system("test"):
        assert not Agreement.objects.exists()
    assert "Sign in the box, or type the name" in signs(alice, url, {"name": ""}).content.decode()
    answer = signs(alice, url, {"drawing": drawing()}).content.decode()
    assert "Signed and recorded" in answer
    assert "Please give this back to Alice" in answer
    sharing = f"{family.get_absolute_url()}sharing/"
    assert f'href="{sharing}"' in answer
    assert 'href="/families/"' not in answer
    assert "signed on screen, watched by Alice" in alice.get(sharing).content.decode()
    with acting_as_system("test"):
        signature = Signature.objects.get()
        assert signature.agreement.how == "drawn"
        assert signature.wording == signature.agreement.wording == wording
        assert (signature.name, signature.watched_by) == ("Grace Okafor", cast.alice)
        assert signature.image.name.startswith("documents/")
        path = f"{family.get_absolute_url()}sharing/signature/{signature.pk}/"
    opened = alice.get(path)
    assert Image.open(io.BytesIO(opened.content)).format == "PNG"
    with acting_as_system("test"):
        assert ReadLog.objects.filter(what="consent.open_signature", row_id=signature.pk).exists()
    assert "Fill in the form first" in alice.get(f"{url}sign/", follow=True).content.decode()


def test_who_signs_on_screen_reads_the_words_of_the_paper_form(cast, sign_in):
    family = new_family(cast)
    alice = sign_in(cast.alice)
    url = f"{family.get_absolute_url()}sharing/agreement/"
    alice.post(url, said(cast, family, how="drawn"))
    page = alice.get(f"{url}sign/").content.decode().split("<main", 1)[1].split("</main>")[0]
    shown = " ".join(unescape(re.sub("<[^>]+>", " ", page)).split())
    assert "{" not in shown
    assert "Castshire Council" in shown
    words = read(Wording.current())
    for blocks in words.texts.values():
        for block in blocks:
            for text in block.items or [block.text]:
                assert " ".join(text.split()) in shown
    assert all(line in shown for line in words.statements)
    assert "- a child" not in shown


def test_who_cannot_draw_types_their_name(cast, sign_in):
    publish()
    family = new_family(cast)
    alice = sign_in(cast.alice)
    url = f"{family.get_absolute_url()}sharing/agreement/"
    alice.post(url, said(cast, family, how="drawn"))
    assert "Signed and recorded" in signs(alice, url, {"name": "Grace Okafor"}).content.decode()
    with acting_as_system("test"):
        assert Agreement.objects.get().how == "typed"
        assert not Signature.objects.get().image


@pytest.mark.parametrize(
    ("sent", "message"),
    [
        (drawing(empty=True), "Nothing is drawn in the box"),
        ("data:image/png;base64,PGh0bWw+", "The drawing could not be read"),
        ("data:image/svg+xml;base64,PHN2Zz4=", "The drawing could not be read"),
        ("data:image/png;base64,***", "The drawing could not be read"),
    ],
)
def test_a_drawing_that_is_none_is_refused(cast, sign_in, sent, message):
    publish()
    family = new_family(cast)
    alice = sign_in(cast.alice)
    url = f"{family.get_absolute_url()}sharing/agreement/"
    alice.post(url, said(cast, family, how="drawn"))
    assert message in signs(alice, url, {"drawing": sent}).content.decode()
    with acting_as_system("test"):
        assert not Agreement.objects.exists()


def test_the_team_knows_that_it_was_signed_and_only_the_lead_sees_the_signature(cast, sign_in):
    publish()
    family = led_family(cast)
    alice = sign_in(cast.alice)
    url = f"{family.get_absolute_url()}sharing/agreement/"
    alice.post(url, said(cast, family, how="drawn", **{f"agency_{cast.health.pk}": "2"}))
    signs(alice, url, {"drawing": drawing()})
    with acting_as_system("test"):
        path = f"{family.get_absolute_url()}sharing/signature/{Signature.objects.get().pk}/"
    assert path in page_of(cast, sign_in, cast.alice, family)
    page = page_of(cast, sign_in, cast.charlie, family)
    assert "watched by Alice" in page
    assert path not in page
    assert sign_in(cast.charlie).get(path).status_code == 403
    assert sign_in(cast.dana).get(path).status_code == 404


# People who must not see the record


def test_someone_whom_the_family_names_loses_the_record_at_the_next_click(cast, sign_in, family):
    url = f"{family.get_absolute_url()}sharing/exclude/"
    alice = sign_in(cast.alice)
    sent = {"name": "charlie", "decided_by": mother(family).pk}
    assert "charlie@cast.example" not in alice.get(url).content.decode()
    page = alice.post(url, sent).content.decode()
    assert "charlie@cast.example" in page
    assert "Select the account that is theirs" in page
    alice.post(url, sent | {"account": cast.charlie.pk})
    gone = sign_in(cast.charlie).get(family.get_absolute_url())
    assert gone.status_code == 404
    assert "Your access has ended" in gone.content.decode()
    assert "families.access_ended" in kinds_for(cast.charlie)
    assert (
        "Charlie"
        not in page_of(cast, sign_in, cast.alice, family, "team/invite/").split("<form")[1].split("</form>")[0]
    )
    with acting_as_system("test"):
        excluded = ExcludedPerson.objects.get()
    alice.post(f"{url}{excluded.pk}/end/")
    assert "Ended 23 November 2026" in page_of(cast, sign_in, cast.alice, family)


def test_someone_without_an_account_is_kept_by_name(cast, sign_in, family):
    sent = {"name": "Aunt Bisi", "decided_by": mother(family).pk}
    page = sign_in(cast.alice).post(f"{family.get_absolute_url()}sharing/exclude/", sent, follow=True).content.decode()
    assert "Aunt Bisi" in page
    assert "They have no account here" in page


def test_who_leads_hands_over_before_they_are_kept_from_the_record(cast, sign_in, family):
    sent = {"name": "alice@cast.example", "account": cast.alice.pk, "decided_by": mother(family).pk}
    page = sign_in(cast.service).post(f"{family.get_absolute_url()}sharing/exclude/", sent).content.decode()
    assert "Hand over to someone else first" in page
    with acting_as_system("test"):
        assert not ExcludedPerson.objects.exists()


def test_when_a_manager_is_kept_out_the_others_who_oversee_are_told(cast, sign_in, family):
    sent = {"name": "manager@cast.example", "account": cast.manager.pk, "decided_by": mother(family).pk}
    sign_in(cast.alice).post(f"{family.get_absolute_url()}sharing/exclude/", sent)
    assert "consent.oversight_ended" in kinds_for(cast.service)
    assert "consent.oversight_ended" not in kinds_for(cast.manager)
    with acting_as(cast.manager):
        assert not Grant.objects.in_force().filter(user=cast.manager, family=family).exists()


# Choosing people, and withdrawal


def test_inviting_says_which_agencies_the_family_was_not_asked_about(cast, sign_in):
    family = new_family(cast)
    share(cast, family, cast.school)
    details(family, child(family), school="Oak Primary School")
    for path in ("team/invite/", "team/ask-to-lead/"):
        page = page_of(cast, sign_in, cast.alice, family, path)
        assert "Oak Primary School: the family wasn’t asked yet. Ask them, and record what they choose." in page
        assert f"sharing/person/{mother(family).pk}/" in page


def test_the_lead_is_told_what_follows_when_someone_else_records_a_withdrawal(cast, sign_in, family):
    url = f"{family.get_absolute_url()}sharing/stop/{cast.health.pk}/"
    manager = sign_in(cast.manager)
    assert "lose this family’s record at their next click" in manager.get(url).content.decode()
    manager.post(url, {"decided_by": mother(family).pk})
    with acting_as_system("test"):
        notice = Notification.objects.get(user=cast.alice, kind="consent.sharing_changed")
    assert "What the family shares has changed" in sign_in(cast.alice).get(notice.url).content.decode()


def test_when_the_leads_own_agency_is_withdrawn_the_page_says_how_to_hand_over_or_close(cast, sign_in, family):
    alice = sign_in(cast.alice)
    url = f"{family.get_absolute_url()}sharing/stop/{cast.school.pk}/"
    assert "runs this family’s support" in alice.get(url).content.decode()
    page = alice.post(url, {"decided_by": mother(family).pk}, follow=True).content.decode()
    assert "may not see the record any more" in page
    assert "End early help" in page
    assert alice.post(f"{family.get_absolute_url()}end/", {"reason": "not_agreed"}).status_code == 302


def test_after_a_withdrawal_an_agencys_messages_lead_to_the_page_that_says_so_and_name_nobody(cast, sign_in, family):
    from django.core import mail

    from earlyhelp.notifications.tasks import deliver

    sign_in(cast.alice).post(
        f"{family.get_absolute_url()}sharing/stop/{cast.health.pk}/", {"decided_by": mother(family).pk}
    )
    deliver()
    sent = [m for m in mail.outbox if m.to == ["charlie@cast.example"]]
    assert any("your access to the family" in m.subject for m in sent)
    assert not any("Okafor" in m.subject + m.body or "Grace" in m.subject + m.body for m in sent)
    charlie = sign_in(cast.charlie)
    with acting_as_system("test"):
        links = set(Notification.objects.filter(user=cast.charlie).values_list("url", flat=True))
    for link in links:
        page = charlie.get(link)
        assert page.status_code == 404
        assert "Your access has ended" in page.content.decode()
        assert "Okafor" not in page.content.decode()


CHANGED = "What is agreed was changed while this page was open"


def test_what_was_changed_in_another_tab_is_read_again_before_it_is_signed(cast, sign_in):
    publish()
    family = new_family(cast)
    alice = sign_in(cast.alice)
    url = f"{family.get_absolute_url()}sharing/agreement/"
    page = alice.post(url, said(cast, family, how="drawn"), follow=True).content.decode()
    shown = re.search(r'name="shown"[^>]*value="(\w+)"', page)[1]
    alice.post(url, said(cast, family, how="drawn", **{f"agency_{cast.health.pk}": "2", "also": [cast.health.pk]}))
    answer = alice.post(f"{url}sign/", {"shown": shown, "name": "Grace Okafor"}, follow=True).content.decode()
    assert CHANGED in answer
    assert "Health visiting" in answer
    with acting_as_system("test"):
        assert not Agreement.objects.exists()


def test_nobody_signs_words_that_they_did_not_read(cast, sign_in):
    publish()
    family = new_family(cast)
    alice = sign_in(cast.alice)
    url = f"{family.get_absolute_url()}sharing/agreement/"
    page = alice.post(url, said(cast, family, how="drawn"), follow=True).content.decode()
    shown = re.search(r'name="shown"[^>]*value="(\w+)"', page)[1]
    with clock.frozen_at(clock.now() + timedelta(minutes=1)):
        second = publish()
        answer = alice.post(f"{url}sign/", {"shown": shown, "name": "Grace Okafor"}, follow=True).content.decode()
        assert CHANGED in answer
        signs(alice, url, {"name": "Grace Okafor"})
    with acting_as_system("test"):
        assert Signature.objects.get().wording == second


def test_an_agency_that_closed_meanwhile_is_not_signed_away(cast, sign_in):
    publish()
    family = new_family(cast)
    alice = sign_in(cast.alice)
    url = f"{family.get_absolute_url()}sharing/agreement/"
    chosen = {f"agency_{cast.health.pk}": "2", "also": [cast.health.pk]}
    page = alice.post(url, said(cast, family, how="drawn", **chosen), follow=True).content.decode()
    assert "Health visiting" in page
    shown = re.search(r'name="shown"[^>]*value="(\w+)"', page)[1]
    type(cast.health).objects.filter(pk=cast.health.pk).update(is_open=False)
    answer = alice.post(f"{url}sign/", {"shown": shown, "name": "Grace Okafor"}, follow=True).content.decode()
    assert "Signed and recorded" not in answer
    with acting_as_system("test"):
        assert not Agreement.objects.exists()


def test_a_signature_that_is_sent_twice_leads_to_the_page_that_gives_the_tablet_back(cast, sign_in):
    publish()
    family = new_family(cast)
    alice = sign_in(cast.alice)
    url = f"{family.get_absolute_url()}sharing/agreement/"
    alice.post(url, said(cast, family, how="drawn"))
    sent = {"name": "Grace Okafor", "form_token": "6b1c2a0e-0000-4000-8000-000000000004"}
    assert "Please give this back" in signs(alice, url, sent).content.decode()
    again = alice.post(f"{url}sign/", sent, follow=True).content.decode()
    assert "Please give this back" in again


def test_an_agreement_is_recorded_on_two_pages_and_nothing_is_lost_between_them(cast, sign_in, family):
    alice, url = sign_in(cast.alice), f"{family.get_absolute_url()}sharing/agreement/"
    page = opened(alice, url)
    assert page["step"] == "1"
    assert page["person"]
    assert "Whose information" not in text_of(alice.get(url))
    answer = alice.post(url, page)
    assert "Select what they decided" in text_of(answer)
    assert "Select whose information" not in text_of(answer)
    first = {
        "decision": "given",
        "how": "verbal",
        "witness": "Alice",
        "explained": ["all"],
        "wishes": "Not on Fridays.",
    }
    second = alice.post(url, opened(alice, url, answer) | first)
    assert second.status_code == 302
    shown = text_of(alice.get(second.url))
    assert "Grace Okafor agrees to early help: they said so" in shown
    page = opened(alice, second.url)
    assert (page["step"], page["wishes"], len(page["covers"])) == ("2", "Not on Fridays.", 2)
    back = opened(alice, f"{second.url}&step=1")
    assert (back["step"], back["wishes"], len(back["covers"])) == ("1", "Not on Fridays.", 2)
    done = alice.post(url, page | {f"agency_{cast.health.pk}": "1", f"agency_{cast.school.pk}": "2"}, follow=True)
    assert "Recorded. Access follows at once" in text_of(done)
    with acting_as_system("test"):
        agreement = Agreement.objects.filter(family=family).first()
        assert (agreement.wishes, agreement.witness) == ("Not on Fridays.", "Alice")
        assert set(agreement.explained) == set(Agreement.Explained.values)
