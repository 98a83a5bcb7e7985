"""Typed text in one form: what nobody can see isn't kept, and nothing that can be seen is lost."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from earlyhelp.core.text import clean_line, clean_text

FAMILY = "👩\u200d👧\u200d👦"
ENGLAND = "\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f"


@pytest.mark.parametrize(
    "text",
    [
        "Ada", "O’Brien-Ødegård", "中文", "مرحبا بكم", "می\u200cخواهم", "ক্\u200dষ", "ශ්\u200dරී", FAMILY, ENGLAND, "👁️\u200d🗨️",
        "one\n\n\ttwo", "\u0601٣", "café",
    ],
)  # fmt: skip
def test_what_can_be_seen_stays_as_it_is(text):
    assert clean_text(text) == text


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("A\u200bda", "Ada"),
        ("A\u200dda", "Ada"),
        ("\u202eadA\u202c", "adA"),
        ("a\x00b\x07", "ab"),
        ("Ad\u00ada\ufeff", "Ada"),
        ("cafe\u0301", "café"),
        (" \u00a0Ada \n", "Ada"),
        ("one\r\ntwo\rthree\u2028four", "one\ntwo\nthree\nfour"),
        ("\u200d", ""), ("\u3164", ""), ("\u2800 \u115f", ""), ("\U000e0067", ""), ("\ufe0f", ""),
        ("می\u200c", "می"), ("👩\u200d\u200d👧", "👩\u200d👧"),
    ],
)  # fmt: skip
def test_what_nobody_can_see_is_not_kept(typed, kept):
    assert clean_text(typed) == kept


def test_a_line_is_one_line():
    assert clean_line("12 High\nStreet\tTop flat") == "12 High Street Top flat"


@pytest.mark.property
@given(st.text())
def test_cleaned_once_is_cleaned_for_good_and_loses_no_letter(text):
    once = clean_text(text)
    assert clean_text(once) == once == unicodedata.normalize("NFC", once)
    if once:
        assert letters(once) == letters(text)


def letters(text):
    return [char for char in unicodedata.normalize("NFD", text) if char.isalnum()]
