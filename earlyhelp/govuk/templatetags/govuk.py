"""The components as template tags. A builtin library: templates need no `{% load %}`.

Text given to a tag is escaped unless Django knows it to be safe. Tags take the dataclasses of `components`, or dicts.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django import template
from django.core.paginator import Page, Paginator
from django.forms.boundfield import BoundField
from django.template.context import Context
from django.template.defaultfilters import linebreaksbr
from django.template.loader import render_to_string
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from earlyhelp.govuk import rendering
from earlyhelp.govuk.components import age_text, late_text, short_text, until_text, when_text

register = template.Library()
COLOURS = {"grey", "green", "teal", "blue", "purple", "magenta", "red", "orange", "yellow"}
BUTTON_KINDS = {"", "secondary", "warning", "inverse"}


@register.filter
def text(value: Any) -> Any:
    """A value for reading: new lines kept, safe HTML left alone."""
    one_line = isinstance(value, str) and "\n" not in value and "\r" not in value
    return value if one_line or hasattr(value, "__html__") else linebreaksbr(value)


@register.filter
def when(value: Any) -> str:
    """ "3 June 2027 at 2:30pm" in England's time; a date without the time; text as it is."""
    return when_text(value)


@register.filter
def short(value: Any) -> str:
    """A day as a list says it: `short_text`."""
    return short_text(value)


@register.filter
def age(value: datetime) -> str:
    """How long ago it was: `age_text`."""
    return age_text(value)


@register.filter
def late(value: Any) -> str:
    """How late it is: `late_text`."""
    return late_text(value) if value else ""


@register.filter
def until(value: datetime) -> str:
    """When something ends, as people say it: `until_text`."""
    return until_text(value)


# Forms


@register.simple_tag
def error_summary(*forms_or_formsets: Any) -> str:
    """Every error of the forms and formsets, each linked to its field; nothing when there is none."""
    errors = [entry for item in forms_or_formsets if item for entry in rendering.summary(item)]
    return render_to_string("govuk/error_summary.html", {"errors": errors}) if errors else ""


@register.filter
def question(field: BoundField) -> rendering.Question:
    """What `govuk/field.html` shows of a field."""
    return rendering.Question(field)


@register.simple_tag
def select(name: str, label: str, choices: Iterable[tuple[Any, Any]], chosen: Any = "", hint: str = "") -> str:
    """A choice that stands in no form of ours: of a list's filters."""
    described = format_html(' aria-describedby="{}-hint"', name) if hint else ""
    return format_html(
        '<div class="govuk-form-group"><label class="govuk-label" for="{0}">{1}</label>{2}'
        '<select class="govuk-select" id="{0}" name="{0}"{3}>{4}</select></div>',
        name,
        label,
        format_html('<div class="govuk-hint" id="{}-hint">{}</div>', name, hint) if hint else "",
        described,
        options(choices, chosen),
    )


@register.simple_tag
def options(choices: Iterable[tuple[Any, Any]], chosen: Any = "") -> str:
    """What a select offers, (value, label) each, with the one that is chosen."""
    lines = ((value, " selected" if value == chosen else "", label) for value, label in choices)
    return format_html_join("", '<option value="{}"{}>{}</option>', lines)


@register.inclusion_tag("govuk/button.html")
def button(
    text: str, href: str = "", kind: str = "", name: str = "", value: str = "", form: str = ""
) -> dict[str, Any]:
    """A submit button, or a link that looks like one with `href`. kind: "", "secondary", "warning" or "inverse"."""
    if kind not in BUTTON_KINDS:
        raise ValueError(f"No such kind of button: {kind}")
    return {"text": text, "href": href, "kind": kind, "name": name, "value": value, "form": form}


# Showing things


@register.simple_tag
def tag(text: str, colour: str = "") -> str:
    """A status. colour: grey, green, teal, blue, purple, magenta, red, orange, yellow, or none."""
    if colour and colour not in COLOURS:
        raise ValueError(f"No such colour of tag: {colour}")
    return format_html('<strong class="govuk-tag{}">{}</strong>', f" govuk-tag--{colour}" if colour else "", text)


@register.inclusion_tag("govuk/summary_list.html")
def summary_list(rows: Iterable[Any], title: str = "", borders: bool = True) -> dict[str, Any]:
    """What is recorded, line by line (`Row`); with a title, as a card. An empty value reads "Not recorded"."""
    rows = list(rows)
    return {"rows": rows, "title": title, "borders": borders, "any_action": any(has(row, "action_url") for row in rows)}


@register.inclusion_tag("govuk/task_list.html")
def task_list(items: Iterable[Any], id_prefix: str = "task") -> dict[str, Any]:
    """Sections to fill in (`Task`). Two lists on one page need different prefixes."""
    return {"items": list(items), "id_prefix": id_prefix}


@register.inclusion_tag("govuk/timeline.html")
def timeline(items: Iterable[Any], heading_level: int = 2) -> dict[str, Any]:
    """What happened (`TimelineItem`), in the order given. heading_level: 2, or 3 below an h2."""
    return {"items": list(items), "level": 3 if heading_level == 3 else 2}


@register.inclusion_tag("govuk/deadlines.html")
def deadlines(items: Iterable[Any]) -> dict[str, Any]:
    """What happens next (`Deadline`): what, by when, by whom."""
    return {"items": list(items)}


@register.inclusion_tag("govuk/identity_bar.html")
def identity_bar(
    name: str, reference: str = "", url: str = "", tag_text: str = "", tag_colour: str = "", note: str = ""
) -> dict[str, Any]:
    """Whose record this page is about; goes into the block `identity`. note: who leads, for instance."""
    return {
        "name": name,
        "reference": reference,
        "url": url,
        "tag_text": tag_text,
        "tag_colour": tag_colour,
        "note": note,
    }


@register.inclusion_tag("govuk/sub_navigation.html")
def sub_navigation(items: Iterable[Any], label: str = "Pages about this family") -> dict[str, Any]:
    """The pages of one record (`NavItem`)."""
    items = list(items)
    here = next((item.text for item in items if item.current), "")
    return {"items": items, "label": label, "folded": f"{here}: other pages" if here else label}


@register.inclusion_tag("govuk/gaps.html")
def gaps(found: Iterable[Any]) -> dict[str, Any]:
    """What is missing before a step can be taken (`Gap`), each with a link."""
    return {"gaps": found}


@register.inclusion_tag("govuk/pagination.html", takes_context=True)
def pagination(context: Context, page_obj: Page, param: str = "page") -> dict[str, Any]:
    """Links to the other pages, keeping the rest of the query; nothing when there is only one."""
    query = context["request"].GET.copy()

    def url(number: int) -> str:
        query[param] = str(number)
        return f"?{query.urlencode()}"

    pages = page_obj.paginator.get_elided_page_range(page_obj.number, on_each_side=1, on_ends=1)
    items: list[dict[str, Any]] = [
        {"ellipsis": True}
        if number == Paginator.ELLIPSIS
        else {"ellipsis": False, "number": number, "url": url(int(number)), "current": number == page_obj.number}
        for number in pages
    ]
    return {
        "items": items if page_obj.paginator.num_pages > 1 else [],
        "previous": url(page_obj.number - 1) if page_obj.has_previous() else "",
        "next": url(page_obj.number + 1) if page_obj.has_next() else "",
    }


@register.inclusion_tag("govuk/back_link.html")
def back_link(url: str, text: str = "Back") -> dict[str, Any]:
    """Goes into the block `before_content`."""
    return {"url": url, "text": text}


@register.inclusion_tag("govuk/breadcrumbs.html")
def breadcrumbs(items: Iterable[Any]) -> dict[str, Any]:
    """Where this page is (`NavItem`), the page itself left out; goes into the block `before_content`."""
    return {"items": list(items)}


@register.inclusion_tag("govuk/warning_text.html")
def warning_text(text: str) -> dict[str, Any]:
    """One thing that has consequences."""
    return {"text": text}


@register.inclusion_tag("govuk/inset.html")
def inset(text: str) -> dict[str, Any]:
    """A sentence set apart; safe HTML may hold a link."""
    return {"text": text}


@register.simple_block_tag
def details(content: SafeString, summary: str, open: bool = False) -> str:
    """{% details "Help with levels of need" %}…{% enddetails %}"""
    return render_to_string("govuk/details.html", {"summary": summary, "content": content, "open": open})


@register.inclusion_tag("govuk/notification_banner.html")
def notification_banner(text: str, kind: str = "", title: str = "", number: int = 0) -> dict[str, Any]:
    """News at the top of a page. kind: "", "success", or a level of Django's messages; number keeps ids apart."""
    titles = {"success": "Done", "warning": "Important", "error": "There is a problem"}
    return {"text": text, "kind": kind, "title": title or titles.get(kind, "Important"), "number": number}


@register.inclusion_tag("govuk/qr_code.html")
def qr_code(data: str, label: str) -> dict[str, Any]:
    """A QR code as inline SVG, since the content security policy allows no data: images."""
    import qrcode  # ~30 ms, for one page

    code = qrcode.QRCode(border=4)
    code.add_data(data)
    rows = code.get_matrix()
    path = "".join(f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, dark in enumerate(row) if dark)
    return {"path": path, "size": len(rows), "label": label}


def has(item: Any, name: str) -> bool:
    return bool(item.get(name) if isinstance(item, dict) else getattr(item, name, None))
