"""The product's own modules: nothing that was installed, built, or is being written by another test."""

from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
PACKAGES = ("earlyhelp", "families", "consent", "assessments", "plans", "stepdown")


def modules() -> Iterator[Path]:
    for package in PACKAGES:
        yield from sorted((ROOT / package).rglob("*.py"))
