"""Forms in the GOV.UK way: nothing typed is lost, markup is only text, a question may depend on answers."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout as Layout
from crispy_forms.layout import LayoutObject, TemplateNameMixin
from django import forms
from django.core.validators import ProhibitNullCharactersValidator
from django.db.models import QuerySet
from django.template.context import Context
from django.template.loader import render_to_string
from django.utils.datastructures import MultiValueDict

from earlyhelp.core.errors import Problem
from earlyhelp.govuk.components import when_text
from earlyhelp.govuk.fields import GovukField

if TYPE_CHECKING:
    FormBase = forms.BaseForm
else:
    FormBase = object

DJANGO_REQUIRED = forms.Field.default_error_messages["required"]
NULL_MESSAGE = "%s contains a hidden character that cannot be saved. Type it again, or paste it as plain text"


class GovukFormMixin(FormBase):
    """Turns any Django form into one of ours, allauth's included: `class SignInForm(GovukFormMixin, LoginForm)`.

    draft: what was typed before, as kept by the server (a QueryDict, or a mapping of names to a text or list of texts).
    An unbound form shows it, valid or not, without any error. Override `layout` to group fields.

    A question that depends on answers is named by them: `Choice(…, reveals=…)`, by several if need be, and then it counts
    only while one of them is chosen. One that only the server knows to ask stands in `asked_if_needed`: the page shows it once
    a problem is at it.
    """

    asked_if_needed: ClassVar[tuple[str, ...]] = ()

    def __init__(self, *args: Any, draft: Mapping[str, Any] | None = None, **kwargs: Any) -> None:
        self.draft: MultiValueDict[str, Any] | None = as_multi_value(draft) if draft else None
        super().__init__(*args, **kwargs)
        self.use_required_attribute = False
        for name, field in self.fields.items():
            word_plainly(name, field)

    def set_choices(self, name: str, choices: Iterable[Any]) -> None:
        """Offer other choices for a field, in a form's `__init__`."""
        field: Any = self.fields[name]
        field.set_choices(choices)

    def set_queryset(self, name: str, rows: QuerySet[Any]) -> None:
        """Offer other records for a field, in a form's `__init__`."""
        field: Any = self.fields[name]
        field.queryset = rows

    def layout(self) -> Layout:
        """Every field in order; what isn't asked is left out, wherever it stands."""
        return Layout(*self.fields)

    @property
    def helper(self) -> FormHelper:
        """How crispy-forms renders this form: fields only, no form tag, no token."""
        revealed = {name for names in self.revealed().values() for name in names}
        helper = FormHelper()
        helper.form_tag = False
        helper.disable_csrf = True
        helper.layout = Layout(*(x for x in self.layout().fields if x not in revealed and x not in self.not_asked()))
        return helper

    def not_asked(self) -> set[str]:
        """Those of `asked_if_needed` that nothing asks for: no mistake is at them, and nothing was typed."""
        if self.is_bound:
            asked = (
                name for name in self.asked_if_needed if name in self.errors or self.data.get(self.add_prefix(name))
            )
        else:
            asked = (n for n in self.asked_if_needed if self.get_initial_for_field(self.fields[n], n))
        return set(self.asked_if_needed) - set(asked)

    def add_problems(self, problems: Iterable[Problem], *, at: Mapping[str, str] | None = None) -> None:
        """In `clean`: say what stands in the way beside each question, unless something is said there already; `at` names
        the field that stands for a question without one of its own."""
        for problem in problems:
            name = (at or {}).get(problem.field, problem.field)
            if name not in self.errors:
                self.add_error(name if name in self.fields else None, problem.text)

    def revealed(self) -> dict[tuple[str, str], tuple[str, ...]]:
        """The fields that each answer reveals, by (question's name, answer)."""
        return {
            (name, value): names
            for name, field in self.fields.items()
            for value, names in getattr(field, "reveals", {}).items()
            if names
        }

    def get_initial_for_field(self, field: forms.Field, field_name: str) -> Any:
        """What the draft says, else what Django would show."""
        name = self.add_prefix(field_name)
        if self.draft is not None and not field.widget.value_omitted_from_data(self.draft, MultiValueDict(), name):
            return field.widget.value_from_datadict(self.draft, MultiValueDict(), name)
        return super().get_initial_for_field(field, field_name)

    def _clean_fields(self) -> None:
        """As Django does, but what an unchosen answer would have revealed is neither demanded nor kept."""
        super()._clean_fields()  # type: ignore[misc]
        for name in self.hidden():
            self._errors.pop(name, None)  # type: ignore[attr-defined]
            self.cleaned_data[name] = nothing(self.fields[name])

    def hidden(self) -> set[str]:
        """What only answers reveal that weren't chosen; a question that is hidden reveals nothing."""
        revealed_by: dict[str, list[tuple[str, str]]] = {}
        for by, names in self.revealed().items():
            for name in names:
                revealed_by.setdefault(name, []).append(by)

        def shown(name: str) -> bool:
            by = revealed_by.get(name)
            return by is None or any(self._chosen(*answer) and shown(answer[0]) for answer in by)

        return {name for name in revealed_by if not shown(name)}

    def _chosen(self, question: str, value: str) -> bool:
        widget = self.fields[question].widget
        answer = widget.value_from_datadict(self.data, self.files, self.add_prefix(question))
        return value in answer if isinstance(answer, list) else value == answer


class GovukForm(GovukFormMixin, forms.Form):
    """A form of our fields."""


class Part(TemplateNameMixin):
    """Something between a form's fields, for `layout`: a template of the pack, and what stands in it."""

    def __init__(self, template: str, **context: Any) -> None:
        self.template, self.context = template, context

    def render(self, form: Any, context: Context, template_pack: Any, **kwargs: Any) -> str:
        return render_to_string(self.get_template_name(template_pack), self.context)


NOT_QUESTIONS = ("step", "also", "csrfmiddlewaretoken", "form_token", "draft", "leave")
PARTS = ("day", "month", "year", "time")


def sent_along(data: Mapping[str, Any], here: Collection[str]) -> list[tuple[str, str]]:
    """The boxes of questions that stand on another page of a form, to be sent with this one's; `here`, the names of this
    page's questions, or what they begin with when they end in a dash."""
    begin = tuple(name for name in here if name.endswith("-"))

    def is_here(name: str) -> bool:
        question, _, part = name.rpartition("_")
        return name in here or (part in PARTS and question in here) or bool(begin and name.startswith(begin))

    lists = as_multi_value(data).lists()
    return [(n, value) for n, values in lists if n not in NOT_QUESTIONS and not is_here(n) for value in values]


def shown_answer(form: Any, name: str) -> str:
    """What was answered to a question of a bound form, in words; empty when nothing was."""
    value = form.cleaned_data.get(name) if name in getattr(form, "cleaned_data", {}) else None
    if value in (None, "", []):
        return ""
    choices = {str(key): str(label) for key, label in getattr(form.fields[name], "choices", [])}
    if isinstance(value, list):
        return ", ".join(choices.get(str(one), str(one)) for one in value)
    if isinstance(value, date):  # a moment too
        return when_text(value)
    return choices.get(str(value), str(value))


class Answers(LayoutObject):
    """Questions with the same few answers, one below the other with their answers beside them, for `layout`."""

    def __init__(self, *fields: str) -> None:
        self.fields = list(fields)

    def render(self, form: Any, context: Context, template_pack: Any, **kwargs: Any) -> str:
        fields = self.get_rendered_fields(form, context, template_pack, **kwargs)
        return render_to_string("govuk/layout/answers.html", {"fields": fields})


class Group(LayoutObject):
    """Questions that belong together, under a heading that a screen reader says with each of them, for `layout`; `prompts`
    are what to think of."""

    def __init__(self, heading: str, *fields: Any, hint: str = "", prompts: Sequence[str] = ()) -> None:
        self.fields, self.heading, self.hint, self.prompts = list(fields), heading, hint, prompts

    def render(self, form: Any, context: Context, template_pack: Any, **kwargs: Any) -> str:
        said = {"heading": self.heading, "hint": self.hint, "prompts": self.prompts}
        fields = self.get_rendered_fields(form, context, template_pack, **kwargs)
        return render_to_string("govuk/layout/group.html", said | {"fields": fields})


class Line(LayoutObject):
    """The boxes of one line of a table, side by side where there is room, for `layout`."""

    def __init__(self, *fields: str) -> None:
        self.fields = list(fields)

    def render(self, form: Any, context: Context, template_pack: Any, **kwargs: Any) -> str:
        fields = self.get_rendered_fields(form, context, template_pack, **kwargs)
        return render_to_string("govuk/layout/line.html", {"fields": fields})


class Details(LayoutObject):
    """Questions that few need, behind a summary, for `layout`."""

    def __init__(self, summary: str, *fields: str, open: bool = False) -> None:
        self.fields, self.summary, self.open = list(fields), summary, open

    def render(self, form: Any, context: Context, template_pack: Any, **kwargs: Any) -> str:
        fields = self.get_rendered_fields(form, context, template_pack, **kwargs)
        said = {"summary": self.summary, "open": self.open, "content": fields}
        return render_to_string("govuk/details.html", said)


def heading(words: str) -> Part:
    """A heading between a form's fields, for `layout`."""
    return Part("%s/layout/heading.html", words=words)


def paragraph(words: str) -> Part:
    """A paragraph between a form's fields, for `layout`."""
    return Part("%s/layout/paragraph.html", words=words)


def inset(words: str) -> Part:
    """Something to heed, between a form's fields, for `layout`."""
    return Part("%s/layout/inset.html", words=words)


def nothing(field: forms.Field) -> Any:
    """A field's value when nobody was asked."""
    if isinstance(field, forms.ModelMultipleChoiceField):
        return field.queryset.none() if field.queryset is not None else []
    if isinstance(field, forms.MultipleChoiceField):
        return []
    return "" if isinstance(field, forms.CharField) else None


def as_multi_value(data: Mapping[str, Any]) -> MultiValueDict[str, Any]:
    if isinstance(data, MultiValueDict):
        return data
    return MultiValueDict({key: value if isinstance(value, list) else [value] for key, value in data.items()})


def word_plainly(name: str, field: forms.Field) -> None:
    """Replace Django's own messages where nobody chose better ones."""
    label = str(field.label or name.replace("_", " ").capitalize())
    plain = label if label[1:2].isupper() else label[:1].lower() + label[1:]
    if field.error_messages.get("required") == DJANGO_REQUIRED:
        verb = "Select" if isinstance(field, forms.ChoiceField) else "Enter"
        field.error_messages["required"] = f"{verb} {plain}"
    if isinstance(field, forms.CharField) and not isinstance(field, GovukField):
        escaped = label.replace("%", "%%")
        if field.max_length is not None:
            field.error_messages.setdefault("max_length", f"{escaped} must be {field.max_length:,} characters or fewer")
        if any(isinstance(validator, ProhibitNullCharactersValidator) for validator in field.validators):
            field.error_messages.setdefault("null_characters_not_allowed", NULL_MESSAGE % escaped)
