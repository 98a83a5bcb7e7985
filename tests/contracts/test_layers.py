"""Imports go down only; what import-linter can't see, names as text, goes down too."""

import ast
import re
from pathlib import Path

from django.apps import apps
from django.db.models import ForeignKey
from django.urls import URLPattern, URLResolver, get_resolver

from earlyhelp.access.declared import Declared, sql_files
from tests.sources import ROOT, modules

ORDER = [
    "core", "govuk", "accounts", "access", "notifications", "drafts", "timescales", "printing", "families", "consent",
    "assessments", "plans", "stepdown", "workspace", "demo",
]  # fmt: skip
RANK = {name: rank for rank, name in enumerate(ORDER)}


def layer(path: str) -> str | None:
    parts = path.replace(".", "/").split("/")
    return next((part for part in parts if part in RANK), None)


def url_owners() -> dict[str, str]:
    owners = {}

    def walk(resolver):
        for entry in resolver.url_patterns:
            if isinstance(entry, URLResolver):
                walk(entry)
            elif isinstance(entry, URLPattern) and entry.name:
                view = getattr(entry.callback, "view_class", entry.callback)
                owner = layer(view.__module__)
                if owner:
                    owners[entry.name] = owner

    walk(get_resolver())
    return owners


def test_foreign_keys_by_name_point_down():
    known = {("families", "Family")}
    for model in apps.get_models():
        here = layer(model.__module__)
        for field in model._meta.get_fields():
            if here and isinstance(field, ForeignKey):
                there = layer(field.related_model.__module__)
                if there and (there, field.related_model.__name__) not in known:
                    assert RANK[there] <= RANK[here], f"{model._meta.label}.{field.name}"


def test_addresses_are_named_downwards():
    owners = url_owners()
    used = []
    for file in [*modules(), *ROOT.glob("templates/**/*.html")]:
        path = str(file.relative_to(ROOT))
        here = layer(path.removeprefix("templates/"))
        if not here:
            continue
        text = file.read_text()
        found = re.findall(r"""\{% url ['"](\w+)['"]""", text) + re.findall(r"""reverse\(\s*['"](\w+)['"]""", text)
        used += [(path, here, name) for name in found if name in owners]
    assert used
    assert [(path, name) for path, here, name in used if RANK[owners[name]] > RANK[here]] == []


def test_templates_include_downwards():
    upward = []
    for file in ROOT.glob("templates/**/*.html"):
        here = layer(str(file.relative_to(ROOT / "templates")))
        for name in re.findall(r"""\{% (?:include|extends) ['"]([\w/.]+)['"]""", file.read_text()):
            there = layer(name)
            if here and there and RANK[there] > RANK[here]:
                upward.append((str(file), name))
    assert upward == []


def test_sql_names_nothing_of_a_higher_app():
    """Tables and declared objects; what follows from the models and from the list of doors names all of them."""
    owner = {model._meta.db_table: layer(model.__module__) for model in apps.get_models()}
    files = {file: Declared(file.read_text()) for file in sql_files()}
    owner |= {one.name: layer(str(file.relative_to(ROOT))) for file, one in files.items()}
    known = {"families_family"}
    upward = [
        (file.name, word)
        for file, one in files.items()
        for word in one.words & owner.keys() - known
        if owner[word] and RANK[owner[word]] > RANK[layer(str(file.relative_to(ROOT)))]
    ]
    assert len(files) > 30
    assert upward == []


def in_quotes(file: Path) -> str:
    """The text in quotes of a module, without its docstrings."""
    tree = ast.parse(file.read_text())
    said = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    constants = (node for node in ast.walk(tree) if isinstance(node, ast.Constant) and id(node) not in said)
    return " ".join(node.value for node in constants if isinstance(node.value, str))


def test_python_names_no_sql_of_a_higher_app():
    owner = {Declared(file.read_text()).name: layer(str(file.relative_to(ROOT))) for file in sql_files()}
    for file in modules():
        path = str(file.relative_to(ROOT))
        if layer(path):
            for word in set(re.findall(r"\w+", in_quotes(file))) & owner.keys():
                assert RANK[owner[word]] <= RANK[layer(path)], f"{path} names {word}"


def test_only_one_package_knows_each_of_the_big_libraries():
    owners = {"weasyprint": "printing", "crispy_forms": "govuk"}
    for file in modules():
        path = str(file.relative_to(ROOT))
        if "/migrations/" in path:
            continue
        for node in ast.walk(ast.parse(file.read_text())):
            names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            for name in names:
                owner = owners.get(name.split(".")[0])
                assert owner is None or layer(path) == owner, f"{path} imports {name}"
