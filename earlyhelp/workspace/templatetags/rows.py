"""Lines that stand many times on one page, written by Python: a template takes four times as long."""

from datetime import datetime

from django import template
from django.utils.html import format_html

from earlyhelp.govuk.components import late_text, short_text
from earlyhelp.govuk.templatetags.govuk import tag
from earlyhelp.workspace.models import CaseloadEntry
from earlyhelp.workspace.oversight import Line

register = template.Library()
FAMILY = """<tr class="govuk-table__row">
<td class="govuk-table__cell" data-label="Family">
<a class="govuk-link" href="{}">{}</a><br><span class="app-muted">{}, {}</span></td>
<td class="govuk-table__cell" data-label="Stage">{}</td>
<td class="govuk-table__cell" data-label="Leads">{}{}</td>{}
<td class="govuk-table__cell" data-label="Next deadline">{}</td>
</tr>"""
LEVEL = '<td class="govuk-table__cell" data-label="Level of need">{}</td>'
DUE = '<span class="app-nowrap">{}</span> {}{}'
BELOW = '<br><span class="app-muted">{}</span>'
PERSON = """<tr class="govuk-table__row">
<th scope="row" class="govuk-table__header"><a class="govuk-link" href="{}">{}</a></th>
<td class="govuk-table__cell" data-label="Open families">{}</td>
<td class="govuk-table__cell" data-label="Late">{}</td>
<td class="govuk-table__cell" data-label="Next due"><span class="app-nowrap">{}</span></td>
<td class="govuk-table__cell" data-label="Longest since contact"><span class="app-nowrap">{}</span></td>
<td class="govuk-table__cell" data-label="Last supervision"><span class="app-nowrap">{}</span></td>
</tr>"""
NOTHING = "–"


@register.simple_tag
def family_row(row: CaseloadEntry, sortable: bool = False) -> str:
    """A family's line in a list; with its level of need, where the list can be `sortable` by it."""
    who = row.runner_name or "Nobody yet"
    left = bool(row.runner_name) and row.is_open and not row.works_now
    return format_html(
        FAMILY,
        row.get_absolute_url(),
        row.display_name,
        row.reference,
        row.locality,
        row.stage_words,
        who if row.leads or not row.runner_name else f"{who} (first contact)",
        format_html(BELOW, "does not work there any more") if left else "",
        format_html(LEVEL, getattr(row, "level_name", "") or NOTHING) if sortable else "",
        _due(row.next_due_at, row.first_due_at) if row.next_due_at else NOTHING,
    )


def _due(when: datetime, first: datetime | None) -> str:
    late = late_text(when)
    before = format_html(BELOW, f"first due {short_text(first)}") if first else ""
    return format_html(DUE, short_text(when), tag(late, "red") if late else "", before)


@register.simple_tag
def team_row(line: Line) -> str:
    """How many families someone works with, and how they stand."""
    return format_html(
        PERSON,
        line.url,
        line.name,
        line.families,
        tag(str(line.late), "red") if line.late else 0,
        short_text(line.next_due) if line.next_due else NOTHING,
        short_text(line.heard) if line.heard else NOTHING,
        short_text(line.supervised) if line.supervised else "never",
    )
