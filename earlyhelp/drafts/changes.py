"""Two who change the same thing: whoever saves second sees both, and nothing of either is lost."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.db.models import Model
from django.http import HttpResponse
from django.utils.datastructures import MultiValueDict

from earlyhelp.access.models import Change
from earlyhelp.accounts.models import User
from earlyhelp.core.text import clean_text, is_number
from earlyhelp.drafts.models import Draft
from earlyhelp.drafts.pages import FamilyFormPage, FormPage
from earlyhelp.govuk.components import when_text
from earlyhelp.govuk.widgets import PartsWidget

Answers = dict[str, list[str]]


@dataclass(frozen=True)
class Both:
    """What someone else saved since the page was opened, beside what is typed and what both began from (None when that
    isn't known): answers by field, each the texts of its boxes."""

    theirs: Answers
    mine: Answers
    base: Answers | None

    @property
    def by_both(self) -> list[str]:
        """The fields that both changed, each in another way."""
        changed = [name for name, mine in self.mine.items() if mine != self.theirs[name]]
        return [n for n in changed if not self._unchanged(n, self.mine) and not self._unchanged(n, self.theirs)]

    @property
    def merged(self) -> Answers:
        """What is typed, and theirs where nothing was typed anew."""
        return {n: self.theirs[n] if self._unchanged(n, self.mine) else mine for n, mine in self.mine.items()}

    def _unchanged(self, name: str, answers: Answers) -> bool:
        return self.base is not None and answers[name] == self.base[name]


def answers(form: Any, data: MultiValueDict[str, Any] | None = None) -> Answers:
    """The answers of a form as they are, or would be, sent: what was typed, else what it shows."""
    found: Answers = {}
    for name, field in form.fields.items():
        if not isinstance(field, forms.FileField):
            if data is None or field.widget.value_omitted_from_data(data, MultiValueDict(), form.add_prefix(name)):
                texts = _shown(form, name)
            else:
                texts = [text for box in _boxes(form, name) for text in data.getlist(box)]
            found[name] = [clean_text(text) for text in texts]
    return found


def as_sent(form: Any, said: Answers) -> MultiValueDict[str, Any]:
    """Answers as a browser would send them."""
    data: MultiValueDict[str, Any] = MultiValueDict()
    for name, texts in said.items():
        boxes = _boxes(form, name)
        for box, values in zip(boxes, [[text] for text in texts] if len(boxes) > 1 else [texts], strict=False):
            data.setlist(box, values)
    return data


def _boxes(form: Any, name: str) -> list[str]:
    widget, html_name = form.fields[name].widget, form.add_prefix(name)
    parts = widget.parts if isinstance(widget, PartsWidget) else ()
    return [f"{html_name}_{part.name}" for part in parts] or [html_name]


def _shown(form: Any, name: str) -> list[str]:
    field = form.fields[name]
    value = field.prepare_value(form.get_initial_for_field(field, name))
    if isinstance(field.widget, PartsWidget):
        return field.widget.decompress(value)
    if isinstance(value, list | tuple | set):
        return [str(one) for one in value]
    if isinstance(value, bool):
        return ["on"] if value else []
    return ["" if value is None else str(value)]


class ChangePage(FormPage, abstract=True):
    """A form that changes what is saved, on top of the version that its writer saw."""

    this = "this"
    conflicts: Sequence[tuple[str, str, str]] = ()  # by field: its question, and what the other saved
    other = ""

    def saved(self) -> Any:
        """The row as it is saved now, with its `version`."""
        raise NotImplementedError

    def initial_of(self, row: Any) -> dict[str, Any]:
        """What the form shows of a row."""
        raise NotImplementedError

    def saver(self, row: Any) -> tuple[User | None, str, datetime | None]:
        """Who saved a row last, as the page names them, and when."""
        last = Change.objects.of(row).last()
        user = User.objects.filter(pk=last.user_id).first() if last and last.user_id else None
        return user, str(user or "Someone else"), last.at if last else None

    def at(self, row: Any, version: int) -> Any:
        """The row as it was at a version, as far as its history is kept and the asker may read it."""
        return then(row, version)

    def initial(self) -> dict[str, Any]:
        return self.initial_of(self.saved())

    @property
    def version(self) -> int:
        """The version that the page was opened with; -1, which no row has, when that can't be read."""
        return _whole(self.request.POST.get("version"))

    def show(self, form: Any, draft: Draft | None) -> HttpResponse:
        row = self.saved()
        data = form.data if form.is_bound else form.draft
        began = _whole(data.get("version")) if data is not None else row.version
        self.version_now = row.version
        if began != row.version:
            form = self.beside(form, row, began)
        return super().show(form, draft)

    def beside(self, form: Any, row: Any, began: int) -> Any:
        """The form on top of what the other saved: mine where I changed something, theirs where I didn't, both texts where
        both wrote, so that saving again loses neither."""
        shown = self.form_class(initial=self.initial_of(row), **self.form_kwargs())
        before = self.at(row, began)
        base = self.form_class(initial=self.initial_of(before), **self.form_kwargs()) if before else None
        mine = answers(form, form.data if form.is_bound else form.draft)
        both = Both(theirs=answers(shown), mine=mine, base=answers(base) if base else None)
        if both.mine == both.theirs:
            return form
        said, texts = both.merged, [n for n in both.by_both if isinstance(shown.fields[n].widget, forms.Textarea)]
        for name in texts:
            (theirs,), (typed,) = both.theirs[name], both.mine[name]
            if " ".join(theirs.split()) not in " ".join(typed.split()):
                said[name] = [f"{theirs}\n\n{typed}"]
        merged = self.form_class(as_sent(form, said), **self.form_kwargs())
        for name in both.by_both:
            field = merged.fields[name]
            field.label = f"{field.label} Both texts" if name in texts else f"{_plain(field)} (your answer)"
        user, name_of, when = self.saver(row)
        who, where = ("You", " in another window") if user == self.user else (name_of, "")
        on = f" on {when_text(when)}" if when else ""
        merged.add_error(
            None,
            f"{who} saved {self.this}{where}{on}, after you opened it here. Nothing is lost: check both, then save",
        )
        for name in both.by_both:
            check = "Both texts are in the box: make them one" if name in texts else "Check which answer is right"
            merged.add_error(name, f"{who} also wrote here{where}. {check}")
        self.conflicts = [(n, _plain(shown.fields[n]), words(shown, n, both.theirs[n])) for n in both.by_both]
        self.other = f"{'you' if where else who} saved{where}{f', {when_text(when)}' if when else ''}"
        return merged

    def context(self) -> dict[str, Any]:
        return super().context() | {
            "version": getattr(self, "version_now", None),
            "conflicts": self.conflicts,
            "other": self.other,
        }


class FamilyChangePage(ChangePage, FamilyFormPage, abstract=True):
    """A form that changes something of one family."""


def then(row: Model, version: int) -> Any:
    """A row as it was at a version, from its history."""
    kept = Change.objects.of(row).filter(after__version=version).values_list("after", flat=True).first()
    if kept is None:
        return None
    columns = {field.column: field for field in row._meta.concrete_fields}
    return type(row)(**{columns[c].attname: columns[c].to_python(v) for c, v in kept.items() if c in columns})


def words(form: Any, name: str, texts: list[str]) -> str:
    """An answer as people read it."""
    field = form.fields[name]
    labels = {str(value): str(label) for value, label in getattr(field, "choices", ())}
    return " ".join(filter(None, (labels.get(text, text) for text in texts))) or "Nothing: it was emptied."


def _plain(field: Any) -> str:
    return str(field.label).removesuffix(" (optional)")


def _whole(value: Any) -> int:
    text = str(value or "0")
    return int(text) if is_number(text) else -1
