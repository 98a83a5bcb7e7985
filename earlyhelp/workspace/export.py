"""A list of families as a file, for a spreadsheet: no cell of it is ever a formula."""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

import xlsxwriter

from earlyhelp.core import clock
from earlyhelp.core.clock import in_london
from earlyhelp.timescales.clocks import registry

MOST = 5000
FORMULA = ("=", "+", "-", "@", "\t", "\r")
KINDS = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def lines(rows: Iterable[Any], area: str, agreement: str) -> list[list[str | date]]:
    """The list, its headings first."""
    heads = [
        "Reference",
        "Family",
        area,
        "Stage",
        "Leads",
        "Agency",
        "Level of need",
        "Next deadline",
        "Due",
        "First due",
    ]
    return [[*heads, agreement], *([*_line(row), _agrees(row)] for row in rows)]


def _line(row: Any) -> list[str | date]:
    who = row.runner_name or ""
    kind = registry[row.next_kind].label if row.next_kind in registry else ""
    due, first = (in_london(day).date() if day else "" for day in (row.next_due_at, row.first_due_at))
    names = [row.reference, row.name, row.locality.name, row.stage_words]
    leads = who if row.leads or not who else f"{who} (first contact)"
    leads += " (does not work there any more)" if who and row.is_open and not row.works_now else ""
    return [*names, leads, row.agency.name if row.agency else "", row.level_name, kind, due, first]


def _agrees(row: Any) -> str:
    if row.agreed and row.agreed_until and row.agreed_until <= clock.now():
        return "Ran out"
    return {True: "Given", False: "Not given", None: "Not asked"}[row.agreed]


def as_csv(table: Sequence[Sequence[str | date]]) -> bytes:
    """For a spreadsheet, which would run what begins like a formula: an apostrophe stands before it."""
    held = io.StringIO()
    writer = csv.writer(held)
    for row in table:
        texts = [str(value) for value in row]
        writer.writerow([f"'{text}" if text.startswith(FORMULA) else text for text in texts])
    return held.getvalue().encode("utf-8-sig")


def as_xlsx(table: Sequence[Sequence[str | date]]) -> bytes:
    held = io.BytesIO()
    with xlsxwriter.Workbook(held, {"in_memory": True}) as book:
        sheet = book.add_worksheet("Families")
        bold, day = book.add_format({"bold": True}), book.add_format({"num_format": "d mmm yyyy"})
        for number, row in enumerate(table):
            for column, value in enumerate(row):
                if isinstance(value, date):
                    sheet.write_datetime(number, column, value, day)
                else:
                    sheet.write_string(number, column, value, None if number else bold)
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, len(table) - 1, len(table[0]) - 1)
        sheet.set_column(0, len(table[0]) - 1, 18)
    return held.getvalue()
