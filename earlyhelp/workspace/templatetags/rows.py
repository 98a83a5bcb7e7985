"""Lines that stand many times on one page, written by Python: a template takes four times as long."""

from datetime import datetime

from django import template
from django.utils.html import format_html, format_html_join

from earlyhelp.govuk.components import late_text, short_text
from earlyhelp.govuk.templatetags.govuk import tag
from earlyhelp.workspace.models import CaseloadEntry
from earlyhelp.workspace.oversight import Line

register = template.Library()
ROW = '<tr class="govuk-table__row">{}</tr>'
CELL = '<td class="govuk-table__cell" data-label="{}">{}</td>'
HEADED = '<tr class="govuk-table__row"><th scope="row" class="govuk-table__header">{}</th>{}</tr>'
LINK = '<a class="govuk-link" href="{}">{}</a>'
SHORT = '<span class="app-nowrap">{}</span>'
BELOW = '{}<br><span class="app-muted">{}</span>'
NOTHING = "–"


@register.simple_tag
def family_row(row: CaseloadEntry, sortable: bool = False) -> str:
    """A family's line in a list; with its level of need, where the list can be `sortable` by it."""
    name = format_html(LINK, row.get_absolute_url(), row.display_name)
    cells = [
        ("Family", format_html(BELOW, name, f"{row.reference}, {row.locality}")),
        ("Stage", row.stage_words),
        ("Leads", _leads(row)),
        ("Next deadline", _due(row)),
    ]
    if sortable:
        cells.insert(3, ("Level of need", getattr(row, "level_name", "") or NOTHING))
    return format_html(ROW, format_html_join("", CELL, cells))


@register.simple_tag
def team_row(line: Line) -> str:
    """How many families someone works with, and how they stand."""
    cells = [
        ("Open families", line.families),
        ("Late", tag(str(line.late), "red") if line.late else 0),
        ("Next due", _day(line.next_due)),
        ("Longest since contact", _day(line.heard)),
        ("Last supervision", _day(line.supervised, "never")),
    ]
    return format_html(HEADED, format_html(LINK, line.url, line.name), format_html_join("", CELL, cells))


def _day(day: datetime | None, nothing: str = NOTHING) -> str:
    return format_html(SHORT, short_text(day)) if day else nothing


def _leads(row: CaseloadEntry) -> str:
    if not row.runner_name:
        return "Nobody yet"
    who = row.runner_name if row.leads else f"{row.runner_name} (first contact)"
    return format_html(BELOW, who, "does not work there any more") if row.is_open and not row.works_now else who


def _due(row: CaseloadEntry) -> str:
    if not row.next_due_at:
        return NOTHING
    due, late = _day(row.next_due_at), late_text(row.next_due_at)
    due = format_html("{} {}", due, tag(late, "red")) if late else due
    return format_html(BELOW, due, f"first due {short_text(row.first_due_at)}") if row.first_due_at else due
