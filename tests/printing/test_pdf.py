"""Prints, read back: every script that families here use, tags for screen readers, and nothing fetched from elsewhere."""

import io
import logging
import re
import struct
import unicodedata
from collections import Counter

import pytest
from django.contrib.staticfiles import finders
from django.template import engines
from fontTools.ttLib import TTFont
from pypdf import PdfReader
from pypdf.generic import ContentStream
from weasyprint.urls import FatalURLFetchingError, URLFetchingError

from earlyhelp.printing import files, pdf
from earlyhelp.printing.letters import direction_of_language, direction_of_text
from earlyhelp.procedures.document import read, text_of, with_values

SAMPLES = {
    "English": "O’Brien-D'Souza: “worried”, 0–10 … £5, Siân Ŵyn",
    "Arabic": "السلام عليكم، اسمي مريم (١٢٣).",
    "Urdu": "میرا نام عائشہ ہے، میں ڈیوزبری میں رہتی ہوں۔",
    "Farsi": "نام من ژاله است؛ گچ‌پژ ۱۲۳",
    "Pashto": "زما نوم ښاپېرۍ دی، ټولګی، ډېره ړومبۍ",
    "Kurdish": "ناوم ڕێبوارە، خۆشحاڵم; Navê min Şêrîn e",
    "Hebrew": "שלום, שמי רבקה. שָׁלוֹם",
    "Hindi": "मेरा नाम प्रिया है, क्षत्रिय श्री",
    "Nepali": "मेरो नाम सृजना हो ।",
    "Bengali": "আমার নাম রুকসানা, ক্ষ",
    "Punjabi": "ਮੇਰਾ ਨਾਮ ਗੁਰਪ੍ਰੀਤ ਹੈ",
    "Gujarati": "મારું નામ હેતલ છે, ક્ષ શ્રી",
    "Tamil": "என் பெயர் கவிதா ஸ்ரீ",
    "Telugu": "నా పేరు లక్ష్మి",
    "Kannada": "ನನ್ನ ಹೆಸರು ಲಕ್ಷ್ಮಿ",
    "Malayalam": "എന്റെ പേര് ലക്ഷ്മി",
    "Sinhala": "මගේ නම ශ්‍රී කුමාරි",
    "Thai": "ฉันชื่อ สมหญิง น้ำผึ้ง",
    "Khmer": "ខ្ញុំឈ្មោះ សុខា",
    "Burmese": "ကျွန်မနာမည် မြမြပါ",
    "Amharic": "ስሜ ሰላማዊት ነው።",
    "Tigrinya": "ስመይ ኣብርሃም እዩ፧",
    "Georgian": "მე მქვია ნინო",
    "Armenian": "Իմ անունը Անահիտ է",
    "Greek": "Με λένε Ελένη· ᾍδης",
    "Russian": "Меня зовут Наталья Щёлокова",
    "Ukrainian": "Мене звати Їжакевич Ґалина",
    "Bulgarian": "Казвам се Цветелина Ѝ",
    "Vietnamese": "Tôi tên là Nguyễn Thị Hường, phở",
    "Simplified Chinese": "我叫王喆，住在利兹。珺堃翀",
    "Traditional Chinese": "我叫陳嘉慧，住喺香港；嘅咗啲冇",
    "Japanese": "私の名前は髙﨑なぎさ（凪）です。カタカナ",
    "Korean": "제 이름은 김지훈입니다. 뷁",
    "Central Europe, Turkey": "Łucja Żółć, Růžena Řehoř, Ștefan Țîru, Šarūnė, Şule Ğ İı",
    "West Africa": "Adébọ́lá Ọmọ́túnjí ẹ́kọ́, Ọ̀nụ, ƙarya ɓ ɗ ŋ",
    "Marks typed after the letter": "Zoe\u0308 Jose\u0301 S\u030ctefan A\u0328 m\u0304 x\u0302",
    "Korean typed in parts": "\u1100\u1175\u11b7",
    "Emoji": "😀 👩‍👩‍👧‍👦 👍🏽 🇵🇱 🏴󠁧󠁢󠁷󠁬󠁳󠁿 ❤️ 1️⃣ 🫶 🩷 ☎️ ⚠",
    "Symbols": "✓ ✔ ✗ ★ ☆ ☐ ☑ ☒ → ← ↑ ≤ ≥ ≠ ½ ² € ₹ ₺ ₴ № • ☎ ♥ ● ■ ○ ▶ ™ ©",
    "Invisible": "a\u200bb\u200dc\u2060d\u200ee\u200ff\ufeffg\u00adh\u202fi\u2011j",
}
# What these say cannot be read back from the text of a PDF: two marks drawn as one, keycaps, hyphens that may be
READ_BY_EYE = {"Thai", "Burmese", "Emoji", "Invisible"}
PROCEDURE = read(
    with_values(
        text_of("default"),
        {
            "authority.name": "Marshshire Council",
            "safeguarding.phone_day": "01632 960111",
            "safeguarding.phone_night": "01632 960222",
        },
    )
)


@pytest.fixture
def print_of(tmp_path, monkeypatch):
    """Prints a template given as text, with what it puts into the base's blocks."""
    monkeypatch.setattr(engines["django"].engine, "dirs", [tmp_path, *engines["django"].engine.dirs])
    for loader in engines["django"].engine.template_loaders:
        loader.reset()

    def print_it(content: str, *, title: str = "Our plan", head: str = "", lang="en-GB", large_print=False, **context):
        name = f"{abs(hash((content, head)))}.html"
        (tmp_path / name).write_text(
            '{% extends "printing/base.html" %}'
            f"{{% block reference %}}{head}{{% endblock %}}{{% block content %}}{content}{{% endblock %}}"
        )
        context = {"procedure": PROCEDURE, **context}
        data = pdf.render_pdf(name, context, title=title, lang=lang, large_print=large_print)
        return PdfReader(io.BytesIO(data))

    return print_it


@pytest.fixture
def complaints():
    """What WeasyPrint warns of: a glyph that no font has, a font that can't be loaded, a file that isn't fetched."""
    records: list[str] = []

    class Keep(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            if record.levelno >= logging.WARNING:
                records.append(record.getMessage())

    logger, keep = logging.getLogger("weasyprint"), Keep()
    level = logger.level
    logger.setLevel(logging.WARNING)  # kept quiet otherwise: it quotes people's words
    logger.addHandler(keep)
    yield records
    logger.removeHandler(keep)
    logger.setLevel(level)


def text_of(reader: PdfReader) -> str:
    return "\n".join(page.extract_text() for page in reader.pages)


def letters(text: str) -> str:
    """The text without spaces and invisible characters, each letter in one piece."""
    plain = unicodedata.normalize("NFC", text)
    return "".join(c for c in plain if not c.isspace() and unicodedata.category(c) != "Cf")


def missing_glyphs(reader: PdfReader) -> int:
    """How often a page draws .notdef, which is glyph 0 of every font, or a glyph that the embedded font does not have."""
    missing = 0
    for page in reader.pages:
        fonts = {name: font.get_object() for name, font in page["/Resources"]["/Font"].items()}
        glyphs = 0
        for operands, operator in ContentStream(page.get_contents(), reader).operations:
            if operator == b"Tf":
                glyphs = number_of_glyphs(fonts[operands[0]])
            elif operator == b"TJ":
                drawn = b"".join(piece.original_bytes for piece in operands[0] if hasattr(piece, "original_bytes"))
                missing += sum(not 0 < glyph < glyphs for (glyph,) in struct.iter_unpack(">H", drawn))
            else:
                assert operator not in (b"Tj", b"'", b'"')
    return missing


def number_of_glyphs(font) -> int:
    descriptor = font["/DescendantFonts"][0]["/FontDescriptor"]
    file = descriptor.get("/FontFile2") or descriptor["/FontFile3"]
    return TTFont(io.BytesIO(file.get_object().get_data()))["maxp"].numGlyphs


WORDS = '<p class="words" dir="auto">{{ words }}</p><p dir="auto"><strong>{{ words }}</strong></p>'


@pytest.mark.parametrize("language", SAMPLES)
def test_every_script_that_families_use_prints(language, print_of, complaints):
    words = SAMPLES[language]
    reader = print_of(WORDS, words=words)
    assert complaints == []
    assert missing_glyphs(reader) == 0
    if language not in READ_BY_EYE:  # lines from right to left come back in another order
        assert not Counter(letters(words) * 2) - Counter(letters(text_of(reader)))


@pytest.mark.parametrize(
    ("language", "family"),
    [
        ("Arabic", "IBM Plex Sans Arabic"),
        ("Hebrew", "Noto Sans Hebrew"),
        ("Hindi", "Noto Sans"),
        ("Bengali", "Noto Sans Bengali"),
        ("Punjabi", "Noto Sans Gurmukhi"),
        ("Amharic", "Noto Sans Ethiopic"),
        ("West Africa", "Noto Sans"),
        ("Simplified Chinese", "Noto Sans Hans"),
        ("Japanese", "Kosugi"),
        ("Korean", "Nanum Gothic"),
        ("Emoji", "emoji"),
    ],
)
def test_a_font_taken_away_would_be_noticed(language, family, print_of, monkeypatch):
    """The machine's own fonts hide nothing: without the font of a script, the test above fails."""
    css = pdf.STYLE_SHEET.read_text()
    css, taken = re.subn(rf'@font-face {{\s*font-family: "{family}";.*?}}', "", css, flags=re.DOTALL)
    assert taken
    style = pdf.load_style(css)
    monkeypatch.setattr(pdf, "print_style", lambda: style)
    assert missing_glyphs(print_of(WORDS, words=SAMPLES[language])) > 0


def test_every_embedded_font_is_ours(print_of):
    reader = print_of(WORDS, words=" ".join(SAMPLES.values()))
    faces = re.findall(r'@font-face {\s*font-family: "(.*?)"', pdf.STYLE_SHEET.read_text())
    ours = {face.replace(" ", "-") for face in faces}
    fonts = {font.get_object()["/BaseFont"] for page in reader.pages for font in page["/Resources"]["/Font"].values()}
    assert {font.split("+")[1].rstrip(",").removesuffix("-Bold") for font in fonts} == ours


def test_words_run_from_right_to_left_when_their_first_letter_does():
    assert direction_of_text("(1) שלום, Anna") == "rtl"
    assert direction_of_text("2. مريم") == "rtl"
    assert direction_of_text("Anna مريم") == "ltr"
    assert direction_of_text("123") == "ltr"
    assert direction_of_language("ur-PK") == "rtl"


def test_words_that_atkinson_lacks_letters_for_lose_nothing(print_of):
    reader = print_of(
        '<p>Ask <b>Thị</b> and Hường, or {{ names }} <i>now</i> then.</p><p class="words">{{ lines }}</p>',
        names="Nguyễn Anh Nguyễn",
        lines="Ọlá\n  Ọmọ́ &amp; one",
    )
    text = " ".join(text_of(reader).split())
    assert "Ask Thị and Hường, or Nguyễn Anh Nguyễn now then." in text
    assert "Ọlá Ọmọ́ &amp; one" in text


def test_a_print_is_tagged_for_screen_readers(print_of):
    reader = print_of("<h2>Who comes</h2><p>Everyone</p>", title="Ella’s plan <3", lang="cy")
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"] == True  # noqa: E712 a PDF's boolean
    assert root["/StructTreeRoot"]["/K"]
    assert root["/Lang"] == "cy"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"] == True  # noqa: E712
    assert reader.metadata.title == "Ella’s plan <3"
    assert b'pdfuaid:part="1"' in reader.xmp_metadata.stream.get_data()
    assert reader.pages[0].mediabox.width == pytest.approx(595, abs=1)


@pytest.mark.parametrize(
    "markup",
    [
        '<img src="http://127.0.0.1:1/x.png" alt="">',
        '<img src="//127.0.0.1:1/x.png" alt="">',
        '<img src="file:///etc/passwd" alt="">',
        '<img src="data:image/png;base64,iVBORw0KGgo=" alt="">',
        '<img src="/media/scan.png" alt="">',
        '<img src="../../../etc/passwd" alt="">',
        '<link rel="stylesheet" href="http://127.0.0.1:1/x.css">',
        '<link rel="attachment" href="file:///etc/passwd">',
        '<a rel="attachment" href="file:///etc/passwd">here</a>',
        "<style>@import url(http://127.0.0.1:1/x.css);</style>",
        "<style>p { background: url(file:///etc/passwd) }</style>",
        "<style>@font-face { font-family: x; src: url(http://127.0.0.1:1/x.ttf) }</style>",
        '<svg width="9" height="9"><image href="http://127.0.0.1:1/x.png" width="9" height="9"/></svg>',
        '<object data="file:///etc/passwd"></object>',
    ],
)
def test_nothing_but_our_static_files_is_fetched(markup, print_of, monkeypatch):
    answers = []
    fetch = files.StaticFetcher.fetch

    def watched(self, url, headers=None):
        try:
            response = fetch(self, url, headers)
        except URLFetchingError:
            answers.append((url, "refused"))
            raise
        answers.append((url, "served"))
        return response

    pdf.print_style()
    monkeypatch.setattr(files.StaticFetcher, "fetch", watched)
    reader = print_of(f"<p>Before</p>{markup}<p>After</p>")
    assert answers
    assert {answer for _, answer in answers} == {"refused"}
    assert "After" in text_of(reader)
    assert not reader.attachments


def test_a_path_out_of_the_static_files_is_refused():
    for name in ("../settings.py", "%2e%2e/%2e%2e/manage.py", "/etc/passwd"):
        with pytest.raises((URLFetchingError, FatalURLFetchingError)):
            files.StaticFetcher().fetch(files.static_base() + name)


def test_a_static_picture_is_printed(print_of, complaints):
    reader = print_of('{% load static %}<img src="{% static "images/icon.svg" %}" alt="Our sign">')
    assert complaints == []
    assert "Our plan" in text_of(reader)


def test_a_missing_static_file_stops_the_print(print_of):
    with pytest.raises(pdf.MissingStaticFile, match=r"images/none\.svg"):
        print_of('<img src="/static/images/none.svg" alt="">')


def test_every_file_that_the_style_sheet_names_is_there():
    names = re.findall(r'url\("fonts/(.*?)"\)', pdf.STYLE_SHEET.read_text())
    assert len(names) > 40
    assert all(files.read_font(name) for name in names)
    for wrong in ("none.ttf", "../vendor/govuk/govuk-frontend.min.js"):
        with pytest.raises(FatalURLFetchingError, match="make assets"):
            files.read_font(wrong)
    assert not [name for name in names if finders.find(f"fonts/{name}")], "what only prints need isn't served"


def test_markup_in_data_stays_text(print_of):
    words = '<b>Bold</b> <img src="http://127.0.0.1:1/x.png"> & </p>'
    text = text_of(print_of(WORDS + "<table><tr><td>{{ words }}</td></tr></table>", words=words, title=words))
    assert letters(text).count(letters(words)) == 4


def test_a_long_table_repeats_its_head_on_every_page(print_of):
    actions = [
        {"what": f"Walk to school, week {n}", "who": "Amina (mum)", "when": "14 December 2026"} for n in range(1, 61)
    ]
    reader = print_of('{% include "printing/actions.html" %}', actions=actions, footer="Plan 482-9157")
    assert len(reader.pages) > 2
    for number, page in enumerate(reader.pages, start=1):
        text = page.extract_text()
        assert ("Who will do it, and by when" in text) == ("Walk to school" in text)
        assert f"Page {number} of {len(reader.pages)}" in text
        assert "Plan 482-9157" in text
        assert "Our plan" in text
        assert "Marshshire Council" in text
    text = text_of(reader)
    assert re.findall(r"week (\d+)", text) == [str(n) for n in range(1, 61)]


def test_long_words_and_long_text_stay_on_the_page(print_of):
    reader = print_of(WORDS, words="x" * 2000 + " " + "word " * 1000)
    assert len(reader.pages) > 2
    assert letters(text_of(reader)).count("x") >= 4000


def test_a_tick_box_says_what_it_is_before_its_label(print_of):
    text = text_of(
        print_of(
            '{% include "printing/tickbox.html" with label="School" ticked=True %}'
            '{% include "printing/tickbox.html" with label="Police" ticked=False note="Only the reference" %}'
        )
    )
    assert re.search(r"^Ticked:\s*School", text, re.MULTILINE)
    assert re.search(r"^Not ticked:\s*Police\s*Only the reference", text, re.MULTILINE)


def test_somewhere_to_sign_and_whom_to_call(print_of):
    text = text_of(print_of('{% include "printing/signature.html" with role="Parent or carer" name="Siân Nguyễn" %}'))
    assert "Parent or carer" in text
    assert re.search(r"Name\s+Siân Nguyễn\s+Signature\s+Date", text)
    assert "01632 960111" in text
    assert "01632 960222" in text


def test_large_print_is_large(print_of):
    words = "Six words of plain English text. " * 60
    assert len(print_of(WORDS, words=words, large_print=True).pages) > len(print_of(WORDS, words=words).pages)


def test_a_print_is_shown_in_the_browser_and_not_kept():
    response = pdf.pdf_response(b"%PDF", filename="agreement-482-9157.pdf")
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"] == 'inline; filename="agreement-482-9157.pdf"'
    assert response["Cache-Control"] == "no-store"
    assert response.content == b"%PDF"


@pytest.mark.parametrize(
    "name", ["Ella Smith.pdf", 'a".pdf', "a\r\nX: y.pdf", "../a.pdf", "plan.exe", "plan.pdf\n", ".pdf"]
)
def test_a_file_name_that_could_hold_a_name_or_a_header_is_refused(name):
    with pytest.raises(ValueError, match="file name"):
        pdf.pdf_response(b"%PDF", filename=name)
