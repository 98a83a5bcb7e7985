"""The agreement form on paper, read back: every choice of every person, the words that were signed, and nothing lost in
large print."""

import io
import re
from datetime import date, timedelta

import pytest
from django.core.files.base import ContentFile
from PIL import Image, ImageDraw
from pypdf import PdfReader

from consent.first_wording import FIRST_WORDING
from consent.models import Agreement, Competence, ExcludedPerson, SharingChoice, Signature, Tier, Wording
from consent.services import wording as services
from earlyhelp.access.identity import acting_as_system
from earlyhelp.accounts.models import Agency
from earlyhelp.core import clock
from families.models import Person
from tests.cast import add_sibling, child, episode_of, led_family, mother, write_words
from tests.pages import copy_for_all

BOXES = {"basic": "Basic", "additional": "Basic and additional", "nothing": "Nothing", "never": "Never"}
NAMES = ["Tola", "Ife", "Kemi", "Bayo"]


def printed(client, address):
    """The copy that everyone of the family may read."""
    return client.post(address, copy_for_all(client, address))


def read(response) -> PdfReader:
    assert response.status_code == 200
    assert response["Content-Type"] == "application/pdf"
    return PdfReader(io.BytesIO(response.content))


def words(reader: PdfReader) -> str:
    return re.sub(r"\s+", " ", " ".join(page.extract_text() for page in reader.pages))


def ticks(reader: PdfReader) -> list[list[str]]:
    """The ticked columns of each line of the table, in order."""
    found = re.findall(r"(Ticked|Not ticked): (Basic and additional|Basic|Nothing|Never)\.", words(reader))
    assert len(found) % 4 == 0
    lines = [found[i : i + 4] for i in range(0, len(found), 4)]
    assert all([column for _, column in line] == list(BOXES.values()) for line in lines)
    return [[column for tick, column in line if tick == "Ticked"] for line in lines]


def line_of(text: str, agency: str, name: str) -> str:
    """What is ticked in the line that names a person, within an agency's part of the table."""
    part = text[text.rindex(agency) :]
    line = part[part.index(name) :]
    line = line[: line.index("Never.") + len("Never.")]
    return " ".join(re.findall(r"(?<!Not )Ticked: ([\w ]+)\.", line.replace("Not ticked", "Not Ticked")))


def decide(cast, family, person: Person, wording: Wording | None, **fields) -> Agreement:
    with acting_as_system("test"):
        values = {
            "family": family, "episode": family.episode(), "person": person, "decision": "given", "how": "drawn",
            "decided_on": clock.today(), "wording": wording, "created_by": cast.alice,
        }  # fmt: skip
        return Agreement.objects.create(**(values | fields))


def sign(cast, agreement: Agreement, *, image: bool = True) -> Signature:
    picture = Image.new("RGB", (400, 120), "white")
    ImageDraw.Draw(picture).line([(10, 90), (120, 20), (200, 100), (380, 30)], fill="black", width=6)
    out = io.BytesIO()
    picture.save(out, format="PNG")
    with acting_as_system("test"):
        signature = Signature(
            family=agreement.family, agreement=agreement, person=agreement.person, name="G. Okafor",
            wording=agreement.wording, signed_at=clock.now(), watched_by=cast.alice,
        )  # fmt: skip
        if image:
            signature.image.save("signature.png", ContentFile(out.getvalue()), save=False)
        signature.save()
    return signature


def choose(cast, family, person: Person, agency: Agency, tier: int, *, never: bool = False, until=None) -> None:
    with acting_as_system("test"):
        SharingChoice.objects.create(
            family=family, person=person, agency=agency, tier=tier, never=never, decided_by=person,
            starts_at=clock.now(), ends_at=until,
        )  # fmt: skip


def next_version(cast, **changes) -> Wording:
    draft = write_words(cast, **changes)
    return services.publish(wording=draft, seen=draft.changed_at, actor=cast.admin)


@pytest.fixture
def large_family(cast, family):
    """Six people, thirty agencies, and all kinds of choices."""
    for number, name in enumerate(NAMES):
        add_sibling(
            family,
            cast.alice,
            kind="child",
            first_name=name,
            last_name="Okafor",
            date_of_birth=date(2009 + number, 5, 4),
        )
    agencies = [
        Agency.objects.create(name=f"Marshfield Community Support Partnership number {n:02}", kind="voluntary")
        for n in range(1, 28)
    ]
    with acting_as_system("test"):
        people = list(family.people())
        episode = family.episode()
    assert episode
    for n, agency in enumerate(agencies[:20]):
        for m, person in enumerate(people):
            tier, never = [(Tier.BASIC, False), (Tier.ADDITIONAL, False), (Tier.NONE, False), (Tier.NONE, True)][
                (n * m + n) % 4
            ]
            choose(cast, family, person, agency, tier, never=never)
    return family


def url(family, query: str = "") -> str:
    return f"{family.get_absolute_url()}sharing/form/{query}"


def test_the_form_has_its_sections_and_what_is_signed(cast, sign_in, family):
    text = words(read(printed(sign_in(cast.alice), url(family))))
    for heading in (
        "What this is about", "What we hold", "What is shared, with whom and why", "Basic information",
        "Additional information", "Who can know what", "Saying no", "Changing your mind",
        "When we share without asking you", "What you sign",
    ):  # fmt: skip
        assert heading in text
    for statement in FIRST_WORDING["statements"].replace("{agreement}", "agreement").splitlines():
        assert statement in text
    signed = re.search(r"Parent or carer Name Grace Okafor (.*) Signature Date Practitioner Name", text)
    assert signed[1].startswith("Ticked: I agree to early help Not ticked: I do not agree to early help")
    assert "Okafor family, reference" in text


def test_every_choice_of_every_person_is_ticked(cast, sign_in, large_family):
    text = words(read(printed(sign_in(cast.alice), url(large_family))))
    with acting_as_system("test"):
        people = {p.pk: p.short_name for p in large_family.people()}
        rows = {(c.agency.name, people[c.person_id]): c for c in SharingChoice.objects.order_by("pk")}
    assert len(rows) == 20 * 6 + 2 * 2
    for (agency, name), choice in rows.items():
        expected = "Never" if choice.never else ["Nothing", "Basic", "Basic and additional"][choice.tier]
        assert line_of(text, agency, name) == expected, (agency, name)


@pytest.mark.parametrize("query", ["", "?large"])
def test_no_line_of_the_table_is_cut_or_left_alone(cast, sign_in, large_family, query):
    """Its head is on each page, an agency's name is with its lines, and a heading is with what it is about."""
    reader = read(printed(sign_in(cast.alice), url(large_family, query)))
    in_table = [p.extract_text() for p in reader.pages if "icked: Never." in p.extract_text()]
    assert len(in_table) > 1
    for text in in_table:
        flat = " ".join(text.split())
        assert "Who Basic Basic and additional Nothing Never" in flat
        before_foot = re.split(rf"{large_family.reference}, version", flat)[0].strip()
        assert not re.search(r"number \d+$", before_foot)
    assert len(ticks(reader)) == len(ticks(read(printed(sign_in(cast.alice), url(large_family)))))
    headings = ("Who can know what", "Who this is about", "What you sign", "Saying no", "What you decided")
    for page in reader.pages:
        lines = [line.strip() for line in page.extract_text().splitlines() if line.strip()]
        assert lines[-1] not in headings


def test_a_choice_that_ran_out_or_was_never_asked_for_is_no_tick(cast, sign_in, family):
    choose(cast, family, mother_of(family), cast.other_school, Tier.BASIC, until=clock.now() - timedelta(days=1))
    reader = read(printed(sign_in(cast.alice), url(family)))
    text = words(reader)
    assert "Grace (has ended: nothing)" in text
    assert "Ada (not asked yet: nothing)" in text
    assert line_of(text, "Oak Primary School", "Grace") == ""


def mother_of(family) -> Person:
    with acting_as_system("test"):
        return mother(family)


def child_of(family) -> Person:
    with acting_as_system("test"):
        return child(family)


def test_one_persons_form_shows_that_persons_choices_and_nobody_elses(cast, sign_in, family):
    tola = add_sibling(
        family, cast.alice, kind="child", first_name="Tola", last_name="Okafor", date_of_birth=date(2010, 1, 1)
    )
    choose(cast, family, tola, cast.health, Tier.NONE, never=True)
    decide(cast, family, tola, None, how="verbal", witness="Alice", decision="refused", wishes="Mum must not know.")
    with acting_as_system("test"):
        ExcludedPerson.objects.create(family=family, name="Uncle Femi", decided_by=tola)
        ExcludedPerson.objects.create(family=family, name="Neighbour Joan", decided_by=mother(family))
    alice = sign_in(cast.alice)
    hers = words(read(printed(alice, url(family, f"?person={mother_of(family).pk}"))))
    assert "Grace Okafor: agreed" in hers
    assert "Neighbour Joan must not see this" in hers
    for secret in ("Tola", "Uncle Femi", "Mum must not know", "did not agree"):
        assert secret not in hers
    own = read(printed(alice, url(family, f"?person={tola.pk}")))
    text = words(own)
    assert "Tola Okafor: did not agree" in text
    assert "Mum must not know." in text
    assert "Uncle Femi must not see this" in text
    assert "Neighbour Joan" not in text
    assert "Grace" not in text
    assert ["Never"] in ticks(own)
    signed = text.split("Young person who decides for themselves Name Tola Okafor ")[1]
    assert signed.startswith("Not ticked: I agree to early help Ticked: I do not agree to early help")
    whole = words(read(printed(alice, url(family))))
    assert "Uncle Femi" not in whole
    assert "Mum must not know" not in whole


def test_names_that_the_reader_may_not_read_are_not_printed(cast, sign_in, family):
    with acting_as_system("test"):
        ExcludedPerson.objects.create(family=family, name="Uncle Femi", decided_by=mother(family))
    text = words(read(printed(sign_in(cast.charlie), url(family))))
    assert "Uncle Femi" not in text
    assert "Names that were given are not on this copy." in text


def test_another_familys_person_has_no_form_here(cast, sign_in, family):
    other = led_family(cast, name="Brown")
    alice = sign_in(cast.alice)
    for person in (mother_of(other).pk, "x", "9" * 12, "-1", "²"):
        assert printed(alice, url(family, f"?person={person}")).status_code == 404
    assert printed(sign_in(cast.dana), url(family)).status_code == 404


def test_a_signature_on_screen_stands_on_the_form(cast, sign_in, family):
    wording = Wording.current()
    signature = sign(cast, decide(cast, family, mother_of(family), wording))
    reader = read(printed(sign_in(cast.alice), url(family)))
    text = words(reader)
    assert "Signed on screen as “G. Okafor” on 23 November 2026 at 10:00am, to version" in text
    assert "Alice watched." in text
    assert any(page.images for page in reader.pages)
    without = read(printed(sign_in(cast.charlie), url(family)))
    assert "Signed on screen on 23 November 2026. Your lead practitioner keeps the signature." in words(without)
    assert not any(page.images for page in without.pages)
    with acting_as_system("test"):
        Signature.objects.filter(pk=signature.pk).update(image="")
    assert "Signed on screen as “G. Okafor”" in words(read(printed(sign_in(cast.alice), url(family))))


def test_what_was_signed_keeps_its_words_and_the_form_says_so(cast, sign_in, family):
    first = Wording.current()
    decide(cast, family, mother_of(family), first)
    second = next_version(cast, held="These words are new.")
    text = words(read(printed(sign_in(cast.alice), url(family))))
    assert f"These are the words of version {first.pk}, as they were agreed." in text
    assert "These words are new." not in text
    assert f"to version {first.pk} of this form" in text
    assert f", version {first.pk}, printed" in text
    blank = words(read(sign_in(cast.alice).get("/agreement-form/")))
    assert "These words are new." in blank
    assert f"version {second.pk}, printed" in blank


def test_people_who_answered_different_versions_find_both(cast, sign_in, family):
    tola = add_sibling(
        family, cast.alice, kind="child", first_name="Tola", last_name="Okafor", date_of_birth=date(2010, 1, 1)
    )
    first = Wording.current()
    decide(cast, family, mother_of(family), first)
    second = next_version(cast, held="These words are new.")
    decide(cast, family, tola, second)
    text = words(read(printed(sign_in(cast.alice), url(family))))
    assert "These words are new." in text
    assert f"The words of version {first.pk}, which Grace Okafor, answered" in text
    assert "as they were agreed" not in text


def test_who_decides_signs(cast, sign_in, family):
    """A child by the local age, unless a recorded judgement says otherwise."""
    alice = sign_in(cast.alice)
    ada = child_of(family)
    assert "Young person who decides" not in words(read(printed(alice, url(family))))
    with acting_as_system("test"):
        Competence.objects.create(
            family=family, person=ada, competent=True, reasons="She understands.", judged_on=clock.today(),
            judged_by=cast.alice,
        )  # fmt: skip
    text = words(read(printed(alice, url(family))))
    assert "Young person who decides for themselves Name Ada Okafor" in text
    with acting_as_system("test"):
        Competence.objects.all().delete()
    text = words(read(printed(alice, url(family, f"?person={ada.pk}"))))
    assert "Parent or carer, for Ada Okafor" in text


def test_the_blank_form_has_room_and_a_line_for_every_agency(cast, sign_in):
    reader = read(sign_in(cast.dana).get("/agreement-form/"))
    assert len(ticks(reader)) == Agency.objects.count() + 3
    assert not any(ticks(reader))
    assert words(reader).count("Signature Date") == 4
    closed = Agency.objects.create(name="Closed Nursery", kind="early_years", is_open=False)
    assert closed.name not in words(read(sign_in(cast.dana).get("/agreement-form/")))


def test_every_page_says_what_it_is_and_how_many_there_are(cast, sign_in, family):
    for query in ("", "?large"):
        reader = read(printed(sign_in(cast.alice), url(family, query)))
        for number, page in enumerate(reader.pages, start=1):
            text = " ".join(page.extract_text().split())
            assert f"Page {number} of {len(reader.pages)}" in text
            assert re.search(rf"{family.reference}, version \d+, printed 23 November 2026 at 10:00am", text)


def test_how_long_the_forms_are(cast, sign_in, family):
    alice = sign_in(cast.alice)
    assert len(read(alice.get("/agreement-form/")).pages) <= 5
    assert len(read(printed(alice, url(family))).pages) <= 5


def test_large_print_is_18_point_and_has_every_column(cast, sign_in, family):
    plain, large = (
        read(printed(sign_in(cast.alice), url(family))),
        read(printed(sign_in(cast.alice), url(family, "?large"))),
    )
    assert len(large.pages) > len(plain.pages)
    assert ticks(large) == ticks(plain)
    sizes = set()
    for page in large.pages:
        page.extract_text(
            visitor_text=lambda text, cm, tm, font, size: text.strip() and sizes.add(round(size * abs(tm[3]), 1))
        )
    boxes_words, foot, body = 1.3, 18.7, 24.0  # in CSS pixels, of which 24 are 18 points
    assert min(sizes - {boxes_words, foot}) == body


def test_the_form_is_tagged_with_its_table_heads_and_the_signatures_words(cast, sign_in, family):
    sign(cast, decide(cast, family, mother_of(family), Wording.current()))
    reader = read(printed(sign_in(cast.alice), url(family)))
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"] == True  # noqa: E712 a PDF's boolean
    assert b'pdfuaid:part="1"' in reader.xmp_metadata.stream.get_data()
    found: dict[str, int] = {}
    alts = []

    def walk(node) -> None:
        node = node.get_object()
        if isinstance(node, list):
            for one in node:
                walk(one)
        elif hasattr(node, "get"):
            kind = str(node.get("/S", ""))
            found[kind] = found.get(kind, 0) + 1
            if "/Alt" in node:
                alts.append(node["/Alt"])
            if "/K" in node and not isinstance(node["/K"], int):
                walk(node["/K"])

    walk(root["/StructTreeRoot"]["/K"])
    assert found["/Table"] == 2
    assert found["/TH"] > 8
    assert found["/H1"] == 1
    assert "Signature of Grace Okafor" in alts


def test_the_draft_is_marked_on_every_page(cast, sign_in):
    admin = sign_in(cast.admin)
    draft = write_words(cast, held="Words to come.")
    reader = read(admin.get(f"/settings/agreement-form/{draft.pk}/print/"))
    assert "Words to come." in words(reader)
    assert "do not sign it" in words(reader)
    for page in reader.pages:
        assert "DRAFT" in page.extract_text()
        assert f"draft of version {draft.pk}" in " ".join(page.extract_text().split())
    assert "Words to come." not in words(read(admin.get("/agreement-form/")))


def test_whose_form_is_chosen_on_a_page(cast, sign_in, family):
    alice = sign_in(cast.alice)
    assert "Print the form" in alice.get(f"{family.get_absolute_url()}sharing/").content.decode()
    page = alice.get(f"{family.get_absolute_url()}sharing/print/").content.decode()
    assert "Only Ada Okafor</a>" in page
    assert f"?person={child_of(family).pk}&amp;large" in page
    assert sign_in(cast.locality).get(f"{family.get_absolute_url()}sharing/print/").status_code == 403
    assert episode_of(family)


def test_the_form_says_until_when_something_is_shared_and_of_the_rest_that_it_is_nothing(cast, sign_in, family):
    until = clock.now().astimezone(clock.LONDON).replace(year=2027, month=1, day=21, hour=0, minute=0)
    choose(cast, family, mother_of(family), cast.other_school, Tier.BASIC, until=until)
    text = words(read(printed(sign_in(cast.alice), url(family))))
    assert "Grace (until the end of 20 January 2027)" in text
    assert "All other agencies: nothing" in text
    assert cast.council.name not in text
