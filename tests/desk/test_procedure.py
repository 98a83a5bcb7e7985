"""The administrator changes the local procedure: sees what is wrong, then what follows, then loads it."""

from io import BytesIO
from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile
from pypdf import PdfReader

from assessments.models import Assessment
from assessments.services.starting import start
from consent.models import Agreement
from earlyhelp.access.identity import acting_as, acting_as_system
from earlyhelp.accounts.models import Role
from earlyhelp.procedures import services
from earlyhelp.procedures.document import text_of, with_values
from families.models import Request
from families.services import episodes
from tests.cast import make_user, new_family, set_procedure
from tests.pages import copy_for_all, opened
from tests.pages import text_of as words_of
from tests.plans.helpers import agreed_plan

URL = "/settings/procedure/change/"
WHY = "Medway reviews sooner."


def changed(values: dict) -> str:
    return with_values(services.text_in_force(), values)


def test_what_follows_is_seen_before_anything_changes(cast, sign_in):
    new_family(cast)
    admin = sign_in(cast.admin)
    text = changed({"clocks.first_contact.amount": 48, "words.lead": "lead professional"})
    form = opened(admin, URL) | {"text": text, "why": WHY}
    preview = admin.post(URL, form)
    page = words_of(preview)
    assert "Word for who leads the support lead practitioner lead professional" in page
    assert "First contact: 48 hours. 1 open deadline will have another date" in page
    assert "The form that families sign has the new words, in a new version" in page
    assert services.version_in_force() == 1
    answer = admin.post(URL, opened(admin, URL, preview) | {"done": "yes"}, follow=True)
    page = words_of(answer)
    assert "The procedure is loaded, as version 2" in page
    assert WHY in page
    assert services.procedure_in_force().words.lead == "lead professional"
    shown = words_of(admin.get("/settings/procedure/2/"))
    assert "Word for who leads the support lead practitioner lead professional" in shown
    file = admin.get("/settings/procedure/2/download/")
    assert "lead professional" in file.content.decode()
    assert 'filename="procedure-2.toml"' in file["Content-Disposition"]


def test_all_that_is_wrong_is_said_with_its_lines_and_what_was_typed_stays(cast, sign_in):
    admin = sign_in(cast.admin)
    text = services.text_in_force().replace("amount = 72", "amount = -1").replace("own_word = 13", "own_word = 5")
    page = admin.post(URL, opened(admin, URL) | {"text": text, "why": WHY})
    said = words_of(page)
    assert "“own_word” must be 10 or more. It says: own_word = 5" in said
    assert "“amount” must be 1 or more. It says: amount = -1" in said
    assert opened(admin, URL, page)["text"].strip() == text.strip()
    assert services.version_in_force() == 1


def test_one_is_chosen_as_a_file(cast, sign_in):
    admin = sign_in(cast.admin)
    form = opened(admin, URL) | {"why": WHY}
    for content, said in (
        (text_of("medway").encode(), "What changes"),
        (b"\xff\xfe\x00", "The file must be text. Save it as UTF-8, and choose it again"),
        (text_of("medway").replace("own_word = 13", "own_word = 3").encode(), "“own_word” must be 10 or more"),
        (b"x" * 100_002, "must be 100,000 characters or fewer"),
    ):
        answer = admin.post(URL, form | {"document": SimpleUploadedFile("ours.toml", content)})
        assert said in words_of(answer)
    answer = admin.post(URL, form | {"document": SimpleUploadedFile("ours.toml", text_of("medway").encode())})
    admin.post(URL, opened(admin, URL, answer) | {"done": "yes"})
    assert services.procedure_in_force().words.locality == "area"


def test_two_administrators_at_once_both_see_both(cast, sign_in):
    other = make_user("Second Admin", cast.council, Role.ADMINISTRATOR)
    one, two = sign_in(cast.admin), sign_in(other)
    mine = opened(two, URL) | {"text": changed({"words.lead": "key worker"}), "why": WHY}
    set_procedure({"words.locality": "hub"}, by=cast.admin)
    page = two.post(URL, mine)
    assert "Admin loaded another procedure after you opened this page" in words_of(page)
    assert "Word for an area of the council locality hub" in words_of(page)
    assert "key worker" in opened(two, URL, page)["text"]
    again = opened(two, URL, page) | {"text": changed({"words.lead": "key worker"})}
    preview = two.post(URL, again)
    set_procedure({"words.request": "call for help"})
    late = two.post(URL, opened(two, URL, preview) | {"done": "yes"})
    assert "loaded another procedure after you opened this page" in words_of(late)
    assert services.procedure_in_force().words.lead == "lead practitioner"
    preview = two.post(URL, opened(two, URL, late) | {"text": changed({"words.lead": "key worker"})})
    two.post(URL, opened(two, URL, preview) | {"done": "yes"})
    now = services.procedure_in_force().words
    assert (now.lead, now.locality, now.request) == ("key worker", "hub", "call for help")
    assert one.get("/settings/procedure/").status_code == 200


def test_what_vanishes_from_a_list_is_counted_where_it_is_in_use(cast, sign_in):
    new_family(cast)
    level = {"code": "9", "name": "Some need", "meaning": "Something is needed."}
    text = changed({"levels": [level], "ages.own_word": 12})
    said = services.effects(text)
    assert "“Level 2: Early help” can’t be chosen any more. 1 request keeps it." in said
    assert "“Level 3: Targeted early help” can’t be chosen any more. 0 requests keep it." in said
    assert any("of 12 decide" in one for one in said)
    services.load(text=text, actor=cast.admin)
    with acting_as(cast.locality):
        assert Request.objects.get().level == "Level 2: Early help"


def test_an_assessment_and_an_agreement_keep_the_words_of_their_time(cast, family):
    set_procedure({"words.locality": "hub"})
    with acting_as(cast.alice):
        start(family=family, episode=family.episode(), actor=cast.alice)
    set_procedure({"words.lead": "key worker", "safeguarding.phone_day": "01632 960009"})
    with acting_as_system("test"):
        assert Agreement.objects.filter(family=family).first().procedure_id == 1
        made = Assessment.objects.get(family=family).procedure_id
    assert made == 2
    then = services.words_then(made)
    assert then.words.lead == "lead practitioner"
    assert then.safeguarding.phone_day == "01632 960009"


def test_the_print_of_a_plan_keeps_the_words_of_when_it_ended(cast, sign_in, family):
    agreed_plan(cast, family)
    set_procedure({"words.plan": "family agreement"})
    url = f"{family.get_absolute_url()}plan/print/"

    def printed() -> str:
        alice = sign_in(cast.alice)
        pdf = alice.post(url, copy_for_all(alice, url) | {"form_token": str(uuid4())}).content
        return " ".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages)

    assert "Our family agreement" in printed()
    with acting_as(cast.alice):
        episodes.end(episode=family.episode(), reason="met", actor=cast.alice)
    set_procedure({"words.plan": "path"})
    assert "Our family agreement" in printed()
