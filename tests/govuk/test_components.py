"""The components show what they are given, as text."""

import re
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django import forms
from django.core.paginator import Paginator
from django.template import engines
from django.test import RequestFactory
from django.utils.html import format_html

from earlyhelp.govuk.components import Deadline, NavItem, Row, Task, TimelineItem, when_text
from earlyhelp.govuk.fields import TextField
from earlyhelp.govuk.forms import GovukForm

NASTY = "<script>alert(1)</script>"


def html(source: str, **context: Any) -> str:
    return engines["django"].from_string(source).render(context)


@pytest.mark.parametrize(
    ("source", "context"),
    [
        ("{% tag x 'red' %}", {}),
        ("{% button x %}{% button x href=x name=x value=x %}", {}),
        ("{% back_link x x %}", {}),
        ("{% warning_text x %}", {}),
        ("{% inset x %}", {}),
        ("{% details x %}{{ x }}{% enddetails %}", {}),
        ("{% notification_banner x title=x %}", {}),
        ("{% identity_bar x x x x 'blue' x %}", {}),
        ("{% summary_list items title=x %}", {"items": [Row(NASTY, NASTY, NASTY, NASTY, NASTY)]}),
        ("{% task_list items %}", {"items": [Task(NASTY, NASTY, NASTY, "red", NASTY)]}),
        ("{% timeline items %}", {"items": [TimelineItem(NASTY, NASTY, NASTY, NASTY, NASTY)]}),
        ("{% deadlines items %}", {"items": [Deadline(NASTY, NASTY, NASTY, NASTY, "red", NASTY)]}),
        ("{% sub_navigation items x %}", {"items": [NavItem(NASTY, NASTY, True)]}),
        ("{% breadcrumbs items %}", {"items": [NavItem(NASTY, NASTY)]}),
        ("{% qr_code x x %}", {}),
    ],
)
def test_markup_in_data_is_only_text(source, context):
    page = html(source, x=NASTY, **context)
    assert "<script" not in page
    assert "&lt;script&gt;" in page


def test_html_that_is_known_to_be_safe_stays_html():
    link = format_html('<a href="/x">{}</a>', "O’Brien & co")
    for source in ("{% inset x %}", "{% warning_text x %}", "{% summary_list rows %}"):
        assert '<a href="/x">O’Brien &amp; co</a>' in html(source, x=link, rows=[Row("Who", link)])


def test_a_summary_list_keeps_new_lines_and_says_what_is_missing():
    page = html("{% summary_list rows %}", rows=[Row("Notes", "one\ntwo"), Row("School", ""), Row("Children", 0)])
    assert "one<br>two" in page
    assert page.count("Not recorded") == 1


def test_plain_dictionaries_do_too():
    page = html("{% summary_list rows %}", rows=[{"key": "Name", "value": "Ann"}])
    assert "Ann" in page
    assert "Change" not in page


def test_a_change_link_says_of_what():
    page = html("{% summary_list rows %}", rows=[Row("Name", "Ann", "Change", "/name", "name")])
    assert re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", page)).strip() == "Name Ann Change name"


def test_a_task_names_its_status_and_hint():
    page = html("{% task_list items %}", items=[Task("Health", "/health", "In progress", "teal", "Charlie is writing")])
    for described in re.search(r'aria-describedby="([^"]+)"', page)[1].split():
        assert f'id="{described}"' in page


def test_a_task_without_an_address_is_no_link():
    assert "<a" not in html("{% task_list items %}", items=[Task("Finalise", status_text="Cannot start yet")])


@pytest.mark.parametrize(
    ("when", "words"),
    [
        (datetime(2027, 6, 3, 13, 30, tzinfo=UTC), "3 June 2027 at 2:30pm"),
        (datetime(2027, 1, 3, 9, 5, tzinfo=UTC), "3 January 2027 at 9:05am"),
        (date(2027, 6, 3), "3 June 2027"),
        ("in spring", "in spring"),
    ],
)
def test_moments_are_words_in_englands_time(when, words):
    assert when_text(when) == words


def pages(number: int, count: int, query: str = "") -> str:
    request = RequestFactory().get(f"/list?{query}")
    return html("{% pagination page %}", page=Paginator(range(count), 10).page(number), request=request)


def test_pagination_keeps_the_rest_of_the_question():
    page = pages(7, 500, "q=O%27Brien&page=7&stage=plan&stage=review")
    hrefs = re.findall(r'href="([^"]+)"', page)
    assert all("q=O%27Brien" in href and "stage=plan&amp;stage=review" in href for href in hrefs)
    assert [re.search(r"page=(\d+)", href)[1] for href in hrefs] == ["6", "1", "6", "7", "8", "50", "8"]
    assert page.count("⋯") == 2
    assert re.search(r'aria-label="Page 7"\s+aria-current="page"', page)


def test_one_page_needs_no_pagination():
    assert pages(1, 9).strip() == ""


def test_a_colour_that_is_none_of_ours_is_a_mistake():
    with pytest.raises(ValueError, match="colour"):
        html("{% tag 'Overdue' 'pink' %}")


class Person(GovukForm):
    name = TextField(label="Name", required_message="Enter the name")


def test_an_error_summary_reads_formsets():
    people = forms.formset_factory(Person, extra=0, min_num=2, validate_min=True)
    data = {"form-TOTAL_FORMS": "2", "form-INITIAL_FORMS": "0", "form-0-name": "Ann", "form-1-name": ""}
    formset = people(data, form_kwargs={"empty_permitted": False, "use_required_attribute": False})
    formset.is_valid()
    page = html("{% error_summary formset %}{% crispy formset %}", formset=formset)
    assert 'href="#id_form-1-name"' in page
    assert 'id="id_form-1-name"' in page
    assert 'name="form-TOTAL_FORMS"' in page


def test_without_errors_there_is_no_summary():
    assert html("{% error_summary form %}", form=Person()) == ""
    assert html("{% error_summary form %}", form=None) == ""


def test_each_banner_has_its_own_name():
    page = html("{% notification_banner 'a' number=1 %}{% notification_banner 'b' kind='success' number=2 %}")
    ids = re.findall(r'\sid="([^"]+)"', page)
    assert len(ids) == len(set(ids)) == 2
    assert re.findall(r'aria-labelledby="([^"]+)"', page) == ids
