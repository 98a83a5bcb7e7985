"""Deliberate faults, one at a time, and the tests that ought to notice: `make faults` lists those that nothing notices.

First every quick test runs once, to see which lines, actions and notices it reaches, and those that show markup, to see in
which templates; then, for each fault, the tests that reach it. ONLY=action,notice,refusal,sql,escape makes some kinds,
NAMED=text those whose name has it, RERUN=no trusts the last look; faults.toml names those that may stay, with why.
"""

import ast
import json
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue
from typing import Any

import coverage

ROOT = Path(__file__).parents[1]
BUILD = ROOT / ".build" / "faults"
APPS = ("families", "consent", "assessments", "plans", "stepdown", "earlyhelp")
RULES = re.compile(r"(services(/\w+)?|policies|rules|word|workflow)\.py$")
FIRST = 30  # tests for one fault, before all others that reach it
AT_ONCE = 2
QUICK = "not slow or table"
DOORS = [
    "tests/access/test_ways_in.py",
    "tests/access",
    "tests/journeys/test_the_familys_word.py",
    "tests/consent",
    "tests/families/test_who_may_be_told.py",
]
ESCAPING = "tests/contracts/test_escaping.py::test_no_template_turns_escaping_off"
MARKED = ["tests/demo/test_load_demo.py", "-k", "as_text"]
CONDITIONS = (
    (r"\s+AND \w+\.ended_at IS NULL", ""),
    (r"(?<=WHERE )\w+\.ended_at IS NULL", "true"),
    (r"AND ended_at IS NULL", ""),
    (r"AND s\.access_ended_at IS NULL", ""),
    (r"\w+\.role = '\w+'", "true"),
    (r"\w+\.role IN \([^)]*\)", "true"),
    (r"status = '\w+'", "true"),
    (r" AND u\.is_active", ""),
    (r"(?<=least\()[\w.]+, ", ""),
    (r", \w+\.(until|ends_at)(?=, [\w.]+\))", ""),
    (r", \w+\.(until|ends_at)(?=\)[ ,])", ""),
    (r"(?<=, )m\.until(?=,| AS)", "NULL::timestamptz"),
)


@dataclass
class Fault:
    """`name` stays when lines move; `made` tells the plugin; `tests` reach it, or (a list) are what pytest is given."""

    name: str
    made: dict[str, Any]
    tests: set[str] | list[str]


def main() -> int:
    only = set(filter(None, os.environ.get("ONLY", "").split(",")))
    BUILD.mkdir(parents=True, exist_ok=True)
    named = os.environ.get("NAMED", "")
    found = [f for f in faults(*reached()) if (not only or f.made["kind"] in only) and named in f.name]
    kept = tomllib.loads((ROOT / "tests/faults.toml").read_text())
    slots: SimpleQueue[int] = SimpleQueue()
    for slot in range(AT_ONCE):
        slots.put(slot)
    survivors = []
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for fault, noticed in zip(found, pool.map(lambda fault: is_noticed(fault, slots), found), strict=True):
            may_stay = f", kept: {kept[fault.name]}" if fault.name in kept else ""
            if not noticed:
                say(f"NOT NOTICED by {len(fault.tests)} tests: {fault.name}{may_stay}")
                survivors += [] if may_stay else [fault.name]
    say(f"{len(found)} faults, {len(survivors)} that no test notices and no reason keeps")
    return bool(survivors)


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def reached() -> tuple[coverage.CoverageData, dict[str, set[str]]]:
    """Which test reaches which line, refused action and notice; from the last run, if RERUN=no."""
    if os.environ.get("RERUN") != "no":
        for old in BUILD.glob("*.txt"):
            old.unlink()
        quick = ["-m", QUICK, "--cov", "--cov-context=test", "--cov-report="]
        for tests in (quick, MARKED):
            command = [*PYTEST, "-n", str(AT_ONCE), *tests]
            subprocess.run(command, cwd=ROOT, env={**os.environ, "REACHED": str(BUILD)}, check=True)
    by_name: dict[str, set[str]] = {}
    for file in BUILD.glob("*.txt"):
        for line in file.read_text().splitlines():
            what, test = line.split("\t")
            by_name.setdefault(what, set()).add(test)
    data = coverage.CoverageData(str(ROOT / ".build" / ".coverage"))
    data.read()
    return data, by_name


PYTEST = [sys.executable, "-m", "pytest", "-q", "-p", "tests.faulty"]


def faults(lines: coverage.CoverageData, by_name: dict[str, set[str]]) -> Iterator[Fault]:
    for app in APPS:
        for path in sorted((ROOT / app).rglob("*.py")):
            name = path.relative_to(ROOT).as_posix()
            if RULES.search(name) and "/demo/" not in name:
                yield from _refusals(path, name, lines)
            if name.endswith("policies.py"):
                for code in re.findall(r'action\(\s*"([\w.]+)",\s*"[^"]+",', path.read_text()):  # has a condition
                    what = f"action {code}"
                    yield Fault(what, {"kind": "action", "code": code}, by_name.get(what, set()))
            if name.endswith("notices.py"):
                for code in re.findall(r'kind = "([\w.]+)"', path.read_text()):
                    what = f"notice {code}"
                    yield Fault(what, {"kind": "notice", "code": code}, by_name.get(what, set()))
        for path in sorted((ROOT / app).rglob("*.sql")):
            if "CREATE VIEW" in path.read_text():
                yield from _conditions(path)
    for path in sorted((ROOT / "templates").rglob("*.html")):
        if "{{" in path.read_text():
            name = path.relative_to(ROOT / "templates").as_posix()
            what = f"escape {name}"
            yield Fault(what, {"kind": "escape", "template": name}, {ESCAPING} | by_name.get(what, set()))


def _refusals(path: Path, name: str, lines: coverage.CoverageData) -> Iterator[Fault]:
    """Raised refusals and yielded problems; in policies, returned reasons."""
    contexts = lines.contexts_by_lineno(str(path))
    seen: dict[str, int] = {}
    for node in ast.walk(ast.parse(path.read_text())):
        text = ast.unparse(node) if isinstance(node, ast.Raise | ast.Expr | ast.Return) else ""
        is_refusal = isinstance(node, ast.Raise) and re.match(r"raise (Refused|Stale)", text)
        is_problem = isinstance(node, ast.Expr) and text.startswith("(yield Problem(") | text.startswith(
            "yield Problem("
        )
        is_reason = isinstance(node, ast.Return) and "policies" in name and re.match(r"return (''? if|f?['\"]\w)", text)
        if is_refusal or is_problem or is_reason:
            said = re.sub(r"\W+", " ", text)[:60].strip()
            seen[said] = seen.get(said, 0) + 1
            tests = {c.partition("|")[0] for c in contexts.get(node.lineno, ()) if c}
            nth = f" {seen[said]}" if seen[said] > 1 else ""
            made = {"kind": "refusal", "path": name, "line": node.lineno}
            yield Fault(f"{name}: {said}{nth}", made, tests)


def _conditions(path: Path) -> Iterator[Fault]:
    """A view of the rule without one condition of when and of which role."""
    text = path.read_text()
    for pattern, instead in CONDITIONS:
        for number, match in enumerate(re.finditer(pattern, text)):
            new = text[: match.start()] + match.expand(instead) + text[match.end() :]
            name = (
                f"{path.stem}: {' '.join(match[0].split())} → {match.expand(instead).strip() or 'gone'} {number or ''}"
            )
            replaced = re.sub("^CREATE VIEW", "CREATE OR REPLACE VIEW", new, flags=re.MULTILINE)
            yield Fault(name.strip(), {"kind": "sql", "text": replaced}, DOORS)


def is_noticed(fault: Fault, slots: "SimpleQueue[int]") -> bool:
    """Whether a test fails: of those with the shortest names first, then of all the others that reach it."""
    if not isinstance(fault.tests, set):
        return _fails(fault, fault.tests, slots)
    near = sorted(fault.tests, key=lambda test: (len(test), test))
    return any(_fails(fault, tests, slots) for tests in (near[:FIRST], near[FIRST:]) if tests)


def _fails(fault: Fault, tests: list[str], slots: "SimpleQueue[int]") -> bool:
    slot = slots.get()
    try:
        env = {**os.environ, "FAULT": json.dumps(fault.made), "SLOT": f"_fault{slot}"}
        command = [*PYTEST, "-x", "-p", "no:randomly", *tests]
        result = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)
        (BUILD / f"last{slot}.log").write_text(f"{fault.name}\n{result.stdout}{result.stderr}")
        if result.returncode not in (0, 1):
            raise RuntimeError(f"{fault.name}: pytest ended with {result.returncode}\n{result.stdout[-2000:]}")
        return result.returncode == 1
    finally:
        slots.put(slot)


if __name__ == "__main__":
    sys.exit(main())
