"""A pytest plugin that makes one deliberate fault, or notes what each test reaches (`make faults`; see faults.py).

FAULT says which: {"kind": "action", "code": …} answers yes; {"kind": "notice", "code": …} isn't told; {"kind": "refusal",
"path": …, "line": …} isn't raised; {"kind": "sql", "text": …} stands in place of a view; {"kind": "escape", "template": …}
shows text as it is.
"""

import ast
import importlib.abc
import importlib.machinery
import json
import os
import re
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[1]
FAULT: dict[str, Any] = json.loads(os.environ.get("FAULT", "{}"))
REACHED: set[tuple[str, str]] = set()


class Without(ast.NodeTransformer):
    """A module without one refusal: a raise or a yield is left out, a returned reason is empty."""

    def __init__(self, line: int) -> None:
        self.line = line

    def visit_Raise(self, node: ast.Raise) -> ast.AST:
        return ast.copy_location(ast.Pass(), node) if node.lineno == self.line else node

    def visit_Expr(self, node: ast.Expr) -> ast.AST:
        gone = node.lineno == self.line and isinstance(node.value, ast.Yield | ast.YieldFrom)
        nothing = ast.Expr(ast.YieldFrom(ast.Tuple([], ast.Load())))
        return ast.fix_missing_locations(ast.copy_location(nothing, node)) if gone else self.generic_visit(node)

    def visit_Return(self, node: ast.Return) -> ast.AST:
        empty = ast.Return(ast.Constant(""))
        gone = node.lineno == self.line
        return ast.fix_missing_locations(ast.copy_location(empty, node)) if gone else self.generic_visit(node)


class Faulty(importlib.machinery.SourceFileLoader):
    def source_to_code(self, data: Any, path: Any, *, _optimize: int = -1) -> Any:  # type: ignore[override]
        return compile(Without(FAULT["line"]).visit(ast.parse(data)), path, "exec")

    def get_code(self, fullname: str) -> Any:
        path = self.get_filename(fullname)
        return self.source_to_code(self.get_data(path), path)


class Finder(importlib.abc.MetaPathFinder):
    def find_spec(self, name: str, path: Any, target: Any = None) -> Any:
        spec = importlib.machinery.PathFinder.find_spec(name, path, target)
        if spec and spec.origin and spec.origin == str(ROOT / FAULT["path"]):
            spec.loader = Faulty(name, spec.origin)
            return spec
        return None


if FAULT.get("kind") == "refusal":
    sys.meta_path.insert(0, Finder())


@pytest.fixture(autouse=True, scope="session")
def one_fault(databases, django_db_blocker):
    if FAULT.get("kind") == "sql":
        from django.db import connection

        from earlyhelp.access.owner import as_owner

        for kind in ("empty", "led"):
            with django_db_blocker.unblock():
                databases.use(kind)
                with as_owner(connection, why="a deliberate fault"), connection.cursor() as cursor:
                    cursor.execute(FAULT["text"])


@pytest.fixture(autouse=True)
def faulty(request, monkeypatch, one_fault):
    from django.template.base import VariableNode
    from django.template.loaders.filesystem import Loader

    from earlyhelp.access.actions import Action
    from earlyhelp.notifications.registry import Notice

    refusal, tell = Action.refusal, Notice.tell.__func__
    get_contents, render = Loader.get_contents, VariableNode.render

    def answers(action, asker, thing=None):
        if FAULT.get("kind") == "action" and action.code == FAULT["code"]:
            return ""
        if found := refusal(action, asker, thing):
            REACHED.add((f"action {action.code}", request.node.nodeid))
        return found

    def told(cls, users, **about):
        users = list(users)
        if FAULT.get("kind") == "notice" and cls.kind == FAULT["code"]:
            return
        if users:
            REACHED.add((f"notice {cls.kind}", request.node.nodeid))
        tell(cls, users, **about)

    def unescaped(loader, origin):
        source = get_contents(loader, origin)
        if str(origin.name).endswith(f"templates/{FAULT['template']}"):
            source = re.sub(r"{{(.*?)}}", r"{{\1|safe }}", source)
        return source

    def shown(node, context):
        if "data-raw" in str(node.filter_expression.resolve(context, ignore_failures=True)):
            REACHED.add((f"escape {node.origin.name.rpartition('templates/')[2]}", request.node.nodeid))
        return render(node, context)

    monkeypatch.setattr(Action, "refusal", answers)
    monkeypatch.setattr(Notice, "tell", classmethod(told))
    if FAULT.get("kind") == "escape":
        monkeypatch.setattr(Loader, "get_contents", unescaped)
    if "REACHED" in os.environ and "as_text" in request.node.name:
        monkeypatch.setattr(VariableNode, "render", shown)


def pytest_sessionfinish(session: pytest.Session) -> None:
    if (folder := os.environ.get("REACHED")) and REACHED:
        lines = "".join(f"{what}\t{test}\n" for what, test in sorted(REACHED))
        (Path(folder) / f"{os.getpid()}.txt").write_text(lines)
