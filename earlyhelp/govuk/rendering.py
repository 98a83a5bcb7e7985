"""How a form's fields become GOV.UK markup.

crispy-forms lays a form out; the markup is ours (`govuk/field.html`), because crispy-forms-gds 2 prints labels
unescaped, links errors to ids that don't exist and predates GOV.UK Frontend 6.
"""

from collections.abc import Iterator
from typing import Any

from crispy_forms_gds.helper import FormHelper
from crispy_forms_gds.layout import Layout
from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField
from django.forms.formsets import BaseFormSet
from django.template import Context
from django.template.loader import render_to_string
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from earlyhelp.govuk.widgets import PartsWidget

INPUT_CLASSES = {"select": "govuk-select", "textarea": "govuk-textarea", "file": "govuk-file-upload"}


def render_form(form: forms.BaseForm) -> str:
    """Every field, as the form's crispy helper lays them out."""
    helper = getattr(form, "helper", None) or FormHelper()
    if helper.layout is None:
        helper.layout = Layout(*form.fields)
    return helper.render_layout(form, Context({"form_show_errors": True, "form_show_labels": True}))


def render_formset(formset: BaseFormSet) -> str:
    context = {"management": list(formset.management_form), "forms": list(formset)}
    return render_to_string("govuk/formset.html", context)


def kind_of(bound: BoundField) -> str:
    """Which markup a field's widget needs."""
    widget = bound.field.widget
    for kind, widgets in (
        ("checkboxes", (forms.CheckboxSelectMultiple,)),
        ("radios", (forms.RadioSelect,)),
        ("parts", (PartsWidget,)),
        ("checkbox", (forms.CheckboxInput,)),
        ("select", (forms.Select,)),
        ("textarea", (forms.Textarea,)),
        ("file", (forms.FileInput,)),
    ):
        if isinstance(widget, widgets):
            return kind
    return "input"


def render_field(bound: BoundField, plain: bool = False) -> str:
    """One field with its label, hint, errors and control. plain: in normal weight, as inside an answer."""
    bound.form.use_required_attribute = False  # the server says what is missing, in plain words
    if bound.is_hidden:
        return str(bound)
    field, kind, base = bound.field, kind_of(bound), bound.auto_id
    hint_id = f"{base}-hint" if bound.help_text else ""
    errors = [{"id": f"{base}-error{f'-{n}' if n else ''}", "text": error} for n, error in enumerate(bound.errors)]
    limit = getattr(field, "limit", None) if kind == "textarea" and getattr(field, "count", False) else None
    described = [*([hint_id] if hint_id else []), *(str(error["id"]) for error in errors)]
    size = "" if plain else getattr(field, "size", "s")
    context: dict[str, Any] = {
        "field": bound,
        "kind": kind,
        "id": base,
        "hint_id": hint_id,
        "errors": errors,
        "limit": limit,
        "limit_words": f"{limit:,}" if limit else "",
        "described": " ".join(described),
        "size": size,
        "heading": getattr(field, "heading", False),
        "module": f"govuk-{kind}",
        "inline": getattr(field, "inline", False),
        "small": getattr(field, "small", False),
    }
    if kind in ("radios", "checkboxes"):
        context["items"] = list(choice_items(bound))
    elif kind == "parts":
        context["parts"] = list(part_items(bound))
    else:
        attrs = input_attrs(bound, kind)
        if limit:
            described.append(f"{base}-info")
        if described:
            attrs["aria-describedby"] = " ".join(described)
        context["control"] = bound.as_widget(attrs=attrs)
    return render_to_string("govuk/field.html", context)


def input_attrs(bound: BoundField, kind: str) -> dict[str, Any]:
    """The control's attributes. False drops one that Django would add: nothing may cut off what is pasted."""
    field, widget = bound.field, bound.field.widget
    if kind == "checkbox":
        return {"class": "govuk-checkboxes__input"}
    name = INPUT_CLASSES.get(kind, "govuk-input")
    classes = [name, *([f"{name}--error"] if bound.errors else [])]
    attrs: dict[str, Any] = {"maxlength": False, "minlength": False, "placeholder": False, "required": False}
    if width := getattr(field, "width", ""):
        classes.append(f"govuk-input--width-{width}" if isinstance(width, int) else f"govuk-!-width-{width}")
    if kind == "textarea":
        attrs |= {"rows": getattr(field, "rows", 5), "cols": False}
        classes += ["govuk-js-character-count"] if getattr(field, "count", False) else []
    if isinstance(widget, forms.EmailInput):
        attrs["spellcheck"] = "false"
    if autocomplete := getattr(field, "autocomplete", ""):
        attrs["autocomplete"] = autocomplete
    if own := widget.attrs.get("class"):
        classes.append(own)
    return {**attrs, "class": " ".join(classes)}


def choice_items(bound: BoundField) -> Iterator[dict[str, Any]]:
    """The answers of a radio or checkbox question. The first has the field's own id, so that errors can link to it."""
    field, value = bound.field, bound.value()
    chosen = {str(one) for one in (value if isinstance(value, (list, tuple, set)) else [value]) if one is not None}
    exclusive = getattr(field, "exclusive", "")
    for number, (key, label) in enumerate(field.widget.choices, start=1):
        names = getattr(field, "reveals", {}).get(str(key), ())
        item_id = bound.auto_id if number == 1 else f"{bound.auto_id}-{number}"
        revealed = format_html_join("", "{}", ((SafeString(render_field(bound.form[name], True)),) for name in names))
        yield {
            "id": item_id,
            "value": str(key),
            "label": label,
            "checked": str(key) in chosen,
            "hint": getattr(field, "hints", {}).get(str(key), ""),
            "revealed": revealed,
            "exclusive": bool(exclusive) and str(key) == exclusive,
        }


def part_items(bound: BoundField) -> Iterator[dict[str, Any]]:
    """The boxes of a date or moment."""
    widget: PartsWidget = bound.field.widget
    value = bound.value()
    texts = value if isinstance(value, list) else widget.decompress(value)
    wrong = wrong_parts(bound)
    autocomplete = getattr(bound.field, "autocomplete", "")
    for number, part in enumerate(widget.parts):
        yield {
            "id": part_id(bound, number),
            "name": f"{bound.html_name}_{part.name}",
            "label": part.label,
            "width": part.width,
            "inputmode": part.inputmode,
            "autocomplete": f"{autocomplete}-{part.name}" if autocomplete == "bday" else "",
            "value": texts[number] if number < len(texts) and texts[number] is not None else "",
            "wrong": part.name in wrong,
        }


def part_id(bound: BoundField, number: int) -> str:
    return bound.auto_id if number == 0 else f"{bound.auto_id}-{bound.field.widget.parts[number].name}"


def wrong_parts(bound: BoundField) -> set[str]:
    """The boxes that the errors are about; all of them when an error doesn't say."""
    names = {part.name for part in bound.field.widget.parts}
    errors = bound.form.errors[bound.name].as_data() if bound.errors else []
    return {name for error in errors for name in (getattr(error, "parts", ()) or names)}


def focus_id(bound: BoundField, error: ValidationError | None = None) -> str:
    """The id of the control where an error is put right."""
    parts = getattr(error, "parts", ())
    if kind_of(bound) == "parts" and parts:
        order = [part.name for part in bound.field.widget.parts]
        return part_id(bound, min(order.index(name) for name in parts))
    return bound.auto_id


def summary(item: forms.BaseForm | BaseFormSet) -> Iterator[dict[str, Any]]:
    """The errors of a form or formset, in the order of its fields, with the id to go to ("" when there is none)."""
    if isinstance(item, BaseFormSet):
        first = next((form.visible_fields()[0].auto_id for form in item.forms if form.visible_fields()), "")
        yield from ({"text": text, "id": first} for text in item.non_form_errors())
        for form in item.forms:
            yield from summary(form)
        return
    shown = item.visible_fields()
    for text in item.non_field_errors():
        yield {"text": text, "id": shown[0].auto_id if shown else ""}
    for bound in item.hidden_fields():
        yield from ({"text": text, "id": ""} for text in bound.errors)
    for bound in shown:
        details = item.errors[bound.name].as_data() if bound.errors else []
        for error, text in zip(details, bound.errors, strict=True):
            yield {"text": text, "id": focus_id(bound, error)}
