"""What somebody typed is text on every page: nothing of ours turns escaping off."""

import re
from pathlib import Path

from django.template import engines
from django.template.base import Origin

ROOT = Path(__file__).parents[2]
OFF = re.compile(r"\|\s*safe(seq)?\b|{%-?\s*autoescape\s+off\b")
TEMPLATES = sorted(path.relative_to(ROOT / "templates").as_posix() for path in (ROOT / "templates").rglob("*.html"))


def test_no_template_turns_escaping_off():
    cached = engines["django"].engine.template_loaders[0]
    files = getattr(cached, "loaders", [cached])[0]
    sources = {name: files.get_contents(Origin(str(ROOT / "templates" / name), name, files)) for name in TEMPLATES}
    assert len(sources) > 150
    assert [name for name, source in sources.items() if OFF.search(source)] == []


def test_no_code_calls_a_text_safe():
    ours = [
        path
        for app in ("earlyhelp", "families", "consent", "assessments", "plans", "stepdown")
        for path in (ROOT / app).rglob("*.py")
    ]
    assert [
        path.name for path in ours if re.search(r"\b(mark_safe|SafeString)\(|\bsafestring\.", path.read_text())
    ] == []
