"""What social care wrote comes over word for word, from whatever file it is in (DEV-17, ROT-13)."""

import io
import zipfile
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from docx import Document as Word
from pypdf import PdfWriter
from weasyprint import HTML

from assessments.models import Answer, Contribution
from assessments.services import starting
from earlyhelp.access.identity import acting_as, acting_as_system
from earlyhelp.core import clock
from earlyhelp.core.errors import Refused
from families.models import Document
from stepdown import extract
from stepdown.models import Analysis
from stepdown.reading import UNREADABLE, read
from stepdown.services.gate import facts_of
from tests.cast import Cast
from tests.pages import opened
from tests.plans.helpers import day
from tests.stepdown.helpers import agrees, leads, now, opened_for, social_worker

WORDS = "Otto was often late for school until his mother had help in the mornings."


def file(data: bytes, name: str = "analysis.docx") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data)


def in_word(*paragraphs: str, more=None) -> bytes:
    document, out = Word(), io.BytesIO()
    for text in paragraphs:
        document.add_paragraph(text)
    table = document.add_table(rows=1, cols=2)
    table.rows[0].cells[0].text, table.rows[0].cells[1].text = "Attendance", "92 in 100"
    document.save(out)
    return out.getvalue()


def with_part(data: bytes, name: str, content: bytes) -> bytes:
    out = io.BytesIO(data)
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr(name, content)
    return out.getvalue()


def blank_pdf(pages: int = 1, password: str = "") -> bytes:
    writer, out = PdfWriter(), io.BytesIO()
    for _ in range(pages):
        writer.add_blank_page(width=200, height=200)
    if password:
        writer.encrypt(password, algorithm="RC4-128")
    writer.write(out)
    return out.getvalue()


def test_a_word_document_is_read_with_its_tables():
    found = read(file(in_word(WORDS, "", "Second.")))
    assert found.passages == (WORDS, "Second.", "Attendance", "92 in 100")
    assert found.unreadable == ""


def test_what_stands_in_a_form_field_is_read():
    data = in_word(WORDS)
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as filled:
        for part in old.infolist():
            content = old.read(part)
            if part.filename == "word/document.xml":
                field = (
                    b"<w:sdt><w:sdtContent><w:p><w:r><w:t>From the form field.</w:t></w:r></w:p></w:sdtContent></w:sdt>"
                )
                content = content.replace(b"<w:body>", b"<w:body>" + field)
            filled.writestr(part, content)
    assert read(file(out.getvalue())).passages[0] == "From the form field."


def test_a_pdf_with_text_is_read():
    data = HTML(string=f"<p>{WORDS}</p><p>Second.</p>").write_pdf()
    assert " ".join(read(file(data, "a.pdf")).passages) == f"{WORDS} Second."


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ("Caf\u00e9 one.\n\nTwo.".encode(), ("Caf\u00e9 one.", "Two.")),
        ("Caf\u00e9 one.\r\n\r\nTwo.".encode("cp1252"), ("Caf\u00e9 one.", "Two.")),
        ("One.\n\nTwo.".encode("utf-16"), ("One.", "Two.")),
    ],
)
def test_plain_text_is_read_however_it_is_encoded(data, words):
    assert read(file(data, "a.txt")).passages == words


def test_lines_become_paragraphs():
    text = "This line goes on until it reaches the edge of the\npaper and ends here.\nThe next one begins here, and it also runs on to\nits end."
    assert len(list(extract.in_lines(text))) == 2


def test_a_long_passage_is_parted_and_nothing_is_lost():
    text = "word " * 3000
    found = read(file(text.encode(), "a.txt")).passages
    assert len(found) > 1
    assert " ".join(found) == text.strip()


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"MZ\x90\x00\x03\x00\x00\x00", "must be a Word document"),
        (with_part(in_word(WORDS), "word/vbaProject.bin", b"Sub AutoOpen()"), "macros"),
        (with_part(in_word(WORDS), "word/media/x.bin", bytes(210 * 1024**2)), "unpacks to far more"),
        (with_part(in_word(WORDS), "word/vbaProject.bin", b"Sub AutoOpen()")[:-30], "macros"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "Save it as DOCX"),
        (bytes(20 * 1024**2 + 1), "smaller than 20 MB"),
    ],
    ids=["a program", "macros", "a broken file with macros", "a bomb", "old Word", "too large"],
)
def test_what_may_do_harm_or_is_something_else_is_refused(data, why):
    with pytest.raises(Refused, match=why):
        read(file(data))


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le") + bytes(32), "locked"),
        (blank_pdf(password="secret"), "locked"),
        (blank_pdf(), "no_text"),
        (blank_pdf(pages=401), "long"),
        (b"PK\x03\x04 and nothing that follows", "damaged"),
        (b"%PDF-1.7 and nothing that follows", "damaged"),
    ],
    ids=["locked Word", "locked PDF", "a scan", "401 pages", "half a Word", "half a PDF"],
)
def test_what_cannot_be_read_is_kept_and_says_why(data, why):
    found = read(file(data))
    assert found.unreadable == UNREADABLE[why]
    assert found.scan.content.read() == data


def test_reading_is_given_up_when_it_takes_too_long(monkeypatch):
    monkeypatch.setattr(extract, "SECONDS", 0.01)
    assert read(file(in_word(WORDS))).unreadable == UNREADABLE["slow"]


@pytest.fixture
def under_way(cast: Cast):
    worker = social_worker()
    step_down = opened_for(cast, worker)
    agrees(step_down, cast.school)
    step_down = now(step_down)
    with acting_as(worker):
        starting.start(family=step_down.family, episode=step_down.episode, actor=worker)
    return worker, step_down


def bring(client, step_down, **data):
    url = f"/step-downs/{step_down.reference}/analysis/"
    said = {"title": "Single assessment", "author": "Sasha, social worker", "text": ""}
    finished = day("written_on", clock.today() - timedelta(days=9))
    return client.post(url, opened(client, url) | said | finished | data, follow=True)


def put(client, page, *passages):
    url = page.redirect_chain[-1][0]
    where = next(key for key in page.context["form"].targets if key.startswith("why_now.0.reason"))
    return client.post(url, opened(client, url) | {"where": where, "passages": passages}, follow=True)


def test_passages_go_into_the_assessment_under_the_name_of_who_wrote_them(cast, under_way, sign_in):
    worker, step_down = under_way
    client = sign_in(worker)
    form = client.get(f"/step-downs/{step_down.reference}/analysis/")
    assert "Sasha" in form.content.decode()
    page = bring(client, step_down, file=file(in_word(WORDS, "Second.")))
    html = page.content.decode()
    assert WORDS in html
    place = page.redirect_chain[-1][0]
    assert place in client.get(f"/step-downs/{step_down.reference}/").content.decode()
    assert "In the assessment" in put(client, page, "0").content.decode()
    read_page = client.get(f"/families/{step_down.family.reference}/assessment/read/").content.decode()
    assert WORDS in read_page
    assert "Sasha, social worker" in read_page
    assert "Single assessment" in read_page
    with acting_as_system("test"):
        kept = Contribution.objects.get(is_quoted=True)
        assert kept.told_on == clock.today() - timedelta(days=9)
        assert Document.objects.filter(for_lead=True, kind="report").count() == 1
        assert facts_of(now(step_down)).analysis


def test_nobody_changes_what_is_quoted_and_it_can_be_taken_out_again(cast, under_way, sign_in):
    worker, step_down = under_way
    leads(step_down, cast.alice, cast.school)
    client = sign_in(worker)
    page = bring(client, step_down, text=f"{WORDS}\n\nSecond.")
    place = page.redirect_chain[-1][0]
    put(client, page, "0", "1")
    with acting_as_system("test"):
        quoted = Contribution.objects.get(is_quoted=True)
        assert Answer.objects.get(contribution=quoted, box="").text == f"{WORDS}\n\nSecond."
    at = f"/families/{step_down.family.reference}/assessment/contribution/{quoted.pk}/"
    for who in (worker, cast.alice):
        client = sign_in(who)
        assert client.get(at).status_code == 403
        assert client.get(f"{at}propose/").status_code == 403
    assert client.get(place).status_code == 200
    client.post(f"{at}leave-out/", opened(client, f"{at}leave-out/"))
    assert WORDS not in client.get(f"/families/{step_down.family.reference}/assessment/read/").content.decode()
    assert not facts_of(now(step_down)).analysis


def test_only_social_care_and_whoever_leads_read_the_whole(cast, under_way, sign_in):
    worker, step_down = under_way
    leads(step_down, cast.alice, cast.school)
    client = sign_in(worker)
    page = bring(client, step_down, text=WORDS)
    place = page.redirect_chain[-1][0]
    for who, found in ((cast.alice, 200), (cast.dana, 404)):
        client = sign_in(who)
        assert client.get(place).status_code == found
    with acting_as(cast.dana):
        assert not Analysis.objects.exists()


def test_nothing_comes_over_before_the_family_agrees(cast, sign_in):
    worker = social_worker()
    step_down = opened_for(cast, worker)
    client = sign_in(worker)
    page = bring(client, step_down, text=WORDS)
    assert "comes first" in page.content.decode()
    assert WORDS in page.content.decode()


def test_a_file_and_words_that_lack_something_are_not_lost(cast, under_way, sign_in):
    worker, step_down = under_way
    client = sign_in(worker)
    page = bring(client, step_down, title="", text=WORDS).content.decode()
    assert "Enter what it is" in page
    assert WORDS in page
    assert "Choose the file, or paste the passages" in bring(client, step_down).content.decode()
    scan = bring(client, step_down, file=file(blank_pdf(), "a.pdf")).content.decode()
    assert UNREADABLE["no_text"] in scan
    assert "Paste the passages" in scan
    both = bring(client, step_down, file=file(in_word(WORDS)), text="Pasted.").content.decode()
    assert "The file could be read, so its passages need no pasting." in both
    assert "Pasted." in both
