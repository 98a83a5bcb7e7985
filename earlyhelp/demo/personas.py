import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PASSWORD = "early-help-demo"
AUTHORITY: dict[str, Any] = tomllib.loads((Path(__file__).parent / "marchshire/data/authority.toml").read_text())


@dataclass(frozen=True)
class Persona:
    """Someone to be in the demonstration."""

    email: str
    name: str
    job: str
    does: str


PERSONAS = [
    Persona(f"{key}@demo.example", said["name"], said["job"], said["does"])
    for key, said in AUTHORITY["people"].items()
    if "does" in said
]
