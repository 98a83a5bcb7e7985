"""Acting as the system is a decision: its reasons, and why a policy can't say it, stand in docs/system.md."""

import ast
import re

from tests.sources import ROOT, modules

SKIPPED = ("earlyhelp/demo/",)


def reasons_in_code():
    for path in modules():
        name = path.relative_to(ROOT).as_posix()
        if name.startswith(SKIPPED):
            continue
        text = path.read_text()
        for node in ast.walk(ast.parse(text)) if "acting_as_system(" in text else ():
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "acting_as_system":
                assert isinstance(node.args[0], ast.Constant), f"{name}: the reason is written where it is used"
                yield node.args[0].value


def test_every_reason_to_act_as_the_system_is_listed_once():
    listed = re.findall(r"^- `(.+)`$", (ROOT / "docs/system.md").read_text(), re.MULTILINE)
    assert sorted(listed) == sorted(set(reasons_in_code()))
