"""The procedures that come with the product: whole, with the rule behind each value, and named by nobody else."""

import re
from pathlib import Path

import pytest

from earlyhelp.procedures.document import NAMES, read, text_of
from earlyhelp.timescales.clocks import registry
from tests.sources import PACKAGES, ROOT

RULE = re.compile(r"\b(?:DEV|ROT|WOR|MID|MED|PS)-\d+|ours|invented|domain \d|the source’s")
SAYS = {
    "devon": {"words.lead": "lead practitioner", "words.agreement": "consent", "words.front_door": "MASH"},
    "rotherham": {"words.lead": "lead professional", "words.front_door": "MASH", "ages.oldest_child": 19},
    "worcestershire": {"words.lead": "lead professional", "words.front_door": "Family Front Door",
                       "clocks.review.words": "12 weeks", "reviews.earliest_weeks": 6},
    "middlesbrough": {"words.lead": "lead practitioner", "safeguarding.name": "MACH",
                      "safeguarding.written": "Send MACH a SAFER referral by e-mail"},
    "medway": {"words.lead": "lead practitioner", "words.locality": "area", "clocks.review.words": "6 weeks"},
}  # fmt: skip


def value(procedure, path):
    for name in path.split("."):
        procedure = getattr(procedure, name)
    return procedure


@pytest.mark.parametrize("name", NAMES)
def test_each_is_whole_and_says_whence_it_has_each_value(name):
    text = text_of(name)
    assert read(text)
    in_list = False
    for line in text.splitlines():
        if line.startswith("["):
            in_list = line.startswith("[[")
        elif "=" in line and not line.startswith("#") and not in_list:
            if name == "default" and re.match(r"(name|service|phone_\w+) = ", line):
                continue
            assert RULE.search(line.partition("#")[2]), f"{name}: {line}"


@pytest.mark.parametrize("name", SAYS)
def test_each_says_what_its_source_says(name):
    procedure = read(text_of(name))
    for path, said in SAYS[name].items():
        assert value(procedure, path) == said


def test_every_clock_has_its_place_in_a_procedure_and_the_other_way_round():
    clocks = type(read(text_of("default")).clocks).model_fields
    assert set(clocks) == set(registry)
    assert {kind: clocks[kind].title for kind in registry} == {kind: clock.label for kind, clock in registry.items()}


def test_no_authority_is_named_anywhere_else():
    names = re.compile("|".join(NAMES[1:]), re.IGNORECASE)
    files = [path for package in (*PACKAGES, "templates") for path in (ROOT / package).rglob("*.*")]
    ours = [path for path in files if path.suffix in (".py", ".html", ".sql", ".txt")]
    allowed = {ROOT / "earlyhelp/procedures/document.py"}
    assert len(ours) > 300
    assert [str(path) for path in ours if path not in allowed and names.search(Path(path).read_text())] == []
