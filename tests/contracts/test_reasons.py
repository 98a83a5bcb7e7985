"""Wherever someone says why, one letter doesn't do."""

import importlib
from pathlib import Path

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.utils.module_loading import module_has_submodule

from earlyhelp.govuk.fields import ReasonField, TextField
from earlyhelp.govuk.forms import GovukFormMixin

ASKS_WHY = ("reason", "why", "because", "how do you know", "advise", "emergency")


def every_form(kind=GovukFormMixin):
    for form in kind.__subclasses__():
        yield form
        yield from every_form(form)


def fields_that_ask_why():
    for config in apps.get_app_configs():
        if module_has_submodule(config.module, "forms"):
            package = importlib.import_module(f"{config.name}.forms")
            for path in getattr(package, "__path__", []):
                for file in Path(path).glob("[a-z]*.py"):
                    importlib.import_module(f"{config.name}.forms.{file.stem}")
    ours = {form for form in every_form() if not form.__module__.startswith("tests.")}
    for form in sorted(ours, key=lambda form: form.__qualname__):
        for name, field in getattr(form, "base_fields", {}).items():
            said = f"{name} {field.label}".lower()
            if isinstance(field, TextField) and any(word in said for word in ASKS_WHY):
                yield f"{form.__name__}.{name}", field


WHY = dict(fields_that_ask_why())


def test_there_are_such_fields():
    assert len(WHY) > 12, sorted(WHY)


@pytest.mark.parametrize("field", WHY)
def test_a_reason_is_a_sentence(field):
    assert isinstance(WHY[field], ReasonField)
    for short in ("x", "x x x x", "emergency", "…!?"):
        with pytest.raises(ValidationError, match="in a sentence that someone else understands"):
            WHY[field].clean(short)


@pytest.mark.parametrize("said", ["Wrong family", "Grace is ill.", "她今天在医院里接受治疗"])
def test_a_few_plain_words_are_enough(said):
    assert WHY["EmergencyForm.reason"].clean(said) == said
