from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig, apps
from django.core.checks import CheckMessage, Error
from django.db.models import ForeignKey

from earlyhelp.access.rowsecurity import policies_of


def family_tables_have_policies(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Every model that points at a family, or at a model that does, declares its row security."""
    protected = {"families.Family"}
    errors: list[CheckMessage] = []
    models = [m for m in apps.get_models(include_auto_created=True) if m._meta.managed and not m._meta.proxy]
    for _ in range(3):  # a table may reach a family through another
        for model in models:
            targets = {
                f.related_model._meta.label
                for f in model._meta.get_fields()
                if isinstance(f, ForeignKey) and not isinstance(f.related_model, str)
            }
            if targets & protected:
                protected.add(model._meta.label)
    for model in models:
        if model._meta.label in protected and policies_of(model) is None:
            errors.append(
                Error(
                    f"{model._meta.label} holds a family's data and has no row security.",
                    hint="Declare its `security`: RowSecurity or Policies.",
                    obj=model,
                    id="access.E001",
                )
            )
    return errors
