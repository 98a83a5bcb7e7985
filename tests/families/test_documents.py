"""Letters, reports and drawings: filed with what they are, whom they are about and who may open them."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from consent.documents import file_scan
from earlyhelp.access.identity import acting_as, acting_as_system
from earlyhelp.core import clock
from families.models import Document
from families.services import errors
from tests.access.test_doors import father, person_of
from tests.cast import child, mother
from tests.pages import opened, text_of

PDF = b"%PDF-1.7\n%%EOF"


def files(client, family, **answers):
    url = reverse("file_document", args=[family.reference])
    said = {"kind": "report", "title": "Speech therapy report", "readers": "everyone"} | answers
    return client.post(url, opened(client, url) | said | {"scan": SimpleUploadedFile("one.pdf", PDF)}, follow=True)


def shown(client, family) -> str:
    return text_of(client.get(reverse("documents", args=[family.reference])))


def opens(client, family) -> int:
    with acting_as_system("test"):
        pk = Document.objects.filter(family=family).latest("pk").pk
    return client.get(reverse("open_document", args=[family.reference, pk])).status_code


@pytest.mark.parametrize(
    ("readers", "whom", "team_sees", "team_opens"),
    [
        ("everyone", None, True, 200),
        ("lead", None, True, 403),
        ("agency", None, False, 404),
        ("everyone", "father", False, 404),
        ("everyone", "child", True, 200),
    ],
)
def test_who_sees_and_opens_a_document(cast, sign_in, family, readers, whom, team_sees, team_opens):
    tunde = father(cast, family)  # shares with nobody's agency
    about = {"father": [tunde.pk], "child": [person_of(family, child).pk], None: []}[whom]
    alice, charlie = sign_in(cast.alice), sign_in(cast.charlie)
    assert "It is filed." in text_of(files(alice, family, readers=readers, about=about))
    assert "Speech therapy report" in shown(alice, family)
    assert ("Speech therapy report" in shown(charlie, family)) is team_sees
    assert opens(charlie, family) == team_opens
    assert opens(alice, family) == 200
    assert "Speech therapy report" not in text_of(sign_in(cast.locality).get(f"{family.get_absolute_url()}documents/"))


def test_a_team_member_files_a_drawing_and_everyone_on_the_team_opens_it(cast, sign_in, family):
    charlie = sign_in(cast.charlie)
    ada = person_of(family, child)
    files(charlie, family, kind="drawing", title="Our house", about=[ada.pk])
    page = shown(sign_in(cast.alice), family)
    assert "Our house" in page
    assert "A child’s drawing or writing, about Ada Okafor. Filed by Charlie" in page
    assert opens(sign_in(cast.alice), family) == 200


def test_what_is_missing_is_said_and_the_words_are_kept(cast, sign_in, family):
    alice = sign_in(cast.alice)
    page = text_of(files(alice, family, kind="", title="A long title that was typed"))
    assert "Select what it is" in page
    assert "Choose the file again" in page
    assert "Smaller than 10 MB and 40 million pixels" in page
    url = reverse("file_document", args=[family.reference])
    assert opened(alice, url)["title"] == "A long title that was typed"


def test_a_signed_form_says_whose_signature_it_holds(cast, sign_in, family):
    alice, url = sign_in(cast.alice), reverse("file_scan", args=[family.reference])
    now = {"signed_on_day": "23", "signed_on_month": "11", "signed_on_year": "2026"}
    answer = alice.post(url, opened(alice, url) | now | {"scan": SimpleUploadedFile("one.pdf", PDF)})
    assert "Select whose signature is on it" in text_of(answer)
    signed = {"signed_by": [person_of(family, mother).pk], "scan": SimpleUploadedFile("one.pdf", PDF)}
    assert alice.post(url, opened(alice, url) | now | signed).status_code == 302
    assert "signed by Grace Okafor on 23 November 2026" in shown(alice, family)


def test_another_file_of_the_same_day_is_never_taken_for_the_first(cast, sign_in, family):
    """`one.pdf` is sent; Back; `two.pdf` is chosen, with all else the same, and sent."""
    alice, url = sign_in(cast.alice), reverse("file_scan", args=[family.reference])
    now = {"signed_on_day": "23", "signed_on_month": "11", "signed_on_year": "2026"}
    form = opened(alice, url) | now | {"signed_by": [person_of(family, mother).pk]}
    assert alice.post(url, form | {"scan": SimpleUploadedFile("one.pdf", PDF)}).status_code == 302
    answer = alice.post(url, form | {"scan": SimpleUploadedFile("two.pdf", b"%PDF-1.7\ntwo\n%%EOF")})
    assert "If this is another one, send it again" in text_of(answer)
    again = opened(alice, url, answer) | {"scan": SimpleUploadedFile("two.pdf", b"%PDF-1.7\ntwo\n%%EOF")}
    assert alice.post(url, again).status_code == 302
    with acting_as_system("test"):
        assert Document.objects.filter(family=family).count() == 2


def test_the_stub_of_a_document_is_for_those_who_could_read_it(cast, sign_in, family):
    with acting_as(cast.alice):
        scan = file_scan(
            family=family, upload=SimpleUploadedFile("one.pdf", PDF), signed_on=clock.today(), actor=cast.alice,
            signed_by=[father(cast, family)],
        )  # fmt: skip
        errors.file_in_error(item=scan, reason="Another family’s.", actor=cast.alice)
    assert "was filed here in error" in shown(sign_in(cast.alice), family)
    assert "was filed here in error" not in shown(sign_in(cast.charlie), family)
