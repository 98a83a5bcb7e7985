"""`make bench-check`: whether pages ask more, or take longer beside the bare view, than they did (at_2000.json). WRITE=1 keeps what
is found as the new figures."""

import json
import os
import sys
from pathlib import Path
from typing import Any

KEPT = Path(__file__).with_name("at_2000.json")
MORE_STATEMENTS, TIMES_AS_LONG = (
    4,
    2,
)  # what one family's page asks hangs on the family; twice the ratio was never noise


def worse(found: list[dict[str, Any]], kept: list[dict[str, Any]]) -> list[str]:
    """A line for each page that asks more, or takes longer, than it may."""
    known = {(row["role"], row["what"]): row for row in kept}
    lines = []
    for row in found:
        before = known.get((row["role"], row["what"]))
        if before and row["statements"] > before["statements"] + MORE_STATEMENTS:
            lines.append(
                f"{row['what']} ({row['role']}): {row['statements']} statements, {before['statements']} before"
            )
        if before and row["ratio"] > before["ratio"] * TIMES_AS_LONG:
            lines.append(f"{row['what']} ({row['role']}): {row['ratio']} times the bare view, {before['ratio']} before")
    return lines


def main() -> None:
    from tests.bench.__main__ import measure

    found = [row for row in measure() if row.get("statements")]
    if os.environ.get("WRITE"):
        kept = [{name: row[name] for name in ("role", "what", "statements", "ratio")} for row in found]
        KEPT.write_text("[\n" + ",\n".join(json.dumps(row) for row in kept) + "\n]\n")
    elif lines := worse(found, json.loads(KEPT.read_text())):
        sys.exit("\n".join(["Slower than before:", *lines]))


if __name__ == "__main__":
    main()
