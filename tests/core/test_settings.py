"""Every setting of the guide reaches the containers, and a wrong one stops the start with a line that names it."""

import re
import runpy
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from django.core.exceptions import ImproperlyConfigured

from earlyhelp.core.logs import POSTGRES_SETTINGS

ROOT = Path(__file__).parents[2]
NEEDED = {
    "SECRET_KEY": "secret",
    "DATABASE_URL": "postgres://earlyhelp:x@127.0.0.1:1/earlyhelp",
    "REDIS_URL": "redis://127.0.0.1:1/0",
}
COUNCIL = {
    **NEEDED,
    "PRODUCTION": "1",
    "SITE_URL": "https://help.example",
    "ALLOWED_HOSTS": "help.example",
    "EMAIL_URL": "smtp+tls://user:password@mail.example:587",
    "MFA_REQUIRED_ROLES": "manager, service_manager, administrator",
}
GUIDE = set(re.findall(r"`([A-Z_]{4,})`", (ROOT / "docs/running.md").read_text().partition("## Every day")[0]))


@pytest.fixture
def read(monkeypatch):
    """The settings that an environment gives."""

    def reading(**env):
        for name in GUIDE:
            monkeypatch.delenv(name, raising=False)
        for name, value in env.items():
            monkeypatch.setenv(name, value)
        return runpy.run_path(str(ROOT / "earlyhelp/settings.py"))

    return reading


def test_a_councils_settings_are_read(read):
    settings = read(**COUNCIL, BEHIND_PROXY="2", OIDC_NAME="", SCAN_REQUIRED="")
    assert settings["MFA_REQUIRED_ROLES"] == ["manager", "service_manager", "administrator"]
    assert settings["ALLAUTH_TRUSTED_PROXY_COUNT"] == 2
    assert settings["SESSION_COOKIE_SECURE"]
    assert settings["EMAIL_HOST"] == "mail.example"


WRONG = [
    ({"DEMO": "perhaps"}, "DEMO is “perhaps”"),
    ({"SCAN_REQUIRED": "ja"}, "SCAN_REQUIRED is “ja”"),
    ({"SCAN_REQUIRED": "yes"}, "SCAN_REQUIRED needs CLAMAV"),
    ({"CLAMAV": "clamav"}, "CLAMAV is “clamav”"),
    ({"BEHIND_PROXY": "yes"}, "BEHIND_PROXY is “yes”"),
    ({"SITE_URL": "help.example"}, "SITE_URL is “help.example”"),
    ({"SITE_URL": "http://help.example"}, "SITE_URL is “http://help.example”"),
    ({"SITE_URL": ""}, "SITE_URL is “http://127.0.0.1:8000”"),
    ({"ALLOWED_HOSTS": "other.example"}, "ALLOWED_HOSTS doesn't have the host of SITE_URL"),
    ({"CSRF_TRUSTED_ORIGINS": "help.example"}, "CSRF_TRUSTED_ORIGINS has “help.example”"),
    ({"DEMO": "1"}, "DEMO and PRODUCTION"),
    ({"DEBUG": "1"}, "DEBUG and PRODUCTION"),
    ({"EMAIL_URL": ""}, "Set EMAIL_URL"),
    ({"EMAIL_URL": "smpt://mail.example"}, "smpt"),
    ({"MFA_REQUIRED_ROLES": ""}, "MFA_REQUIRED_ROLES doesn't have manager and service_manager"),
    ({"MFA_REQUIRED_ROLES": "manager"}, "MFA_REQUIRED_ROLES doesn't have manager and service_manager"),
    ({"MFA_REQUIRED_ROLES": "manager,service_manager"}, "and administrator, who says who does"),
    ({"MANAGERS_WITHOUT_MFA": "maybe"}, "MANAGERS_WITHOUT_MFA is “maybe”"),
    ({"OIDC_CLIENT_ID": "early-help"}, "needs OIDC_CLIENT_SECRET, OIDC_SERVER_URL too"),
    ({"OIDC_SERVER_URL": "login.example"}, "OIDC_SERVER_URL is “login.example”"),
]


@pytest.mark.parametrize(("wrong", "line"), WRONG, ids=[line for _, line in WRONG])
def test_a_wrong_setting_stops_the_start_with_a_line_that_names_it(read, wrong, line):
    with pytest.raises(ImproperlyConfigured) as stopped:
        read(**COUNCIL | wrong)
    assert line in str(stopped.value)
    assert "\n" not in str(stopped.value)


def test_managers_go_without_a_code_where_the_council_says_so(read):
    assert read(**COUNCIL | {"MFA_REQUIRED_ROLES": "", "MANAGERS_WITHOUT_MFA": "yes"})["MFA_REQUIRED_ROLES"] == []


@pytest.mark.parametrize(
    "command", [["gunicorn", "--check-config", "earlyhelp.wsgi"], ["celery", "-A", "earlyhelp", "report"]]
)
def test_a_misspelt_role_stops_every_process(command):
    env = COUNCIL | {
        "MFA_REQUIRED_ROLES": "manager,service_manager,administrator,administator",
        "PATH": "/usr/bin:/bin",
    }
    result = subprocess.run(
        [sys.executable, "-m", *command], cwd=ROOT, env=env, capture_output=True, text=True, timeout=60, check=False
    )
    assert result.returncode != 0
    assert "MFA_REQUIRED_ROLES is “administator”. Choose from: practitioner, manager" in result.stderr


def test_every_setting_of_the_guide_reaches_every_container():
    compose = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
    source = (ROOT / "earlyhelp/settings.py").read_text()
    read = set(re.findall(r'(?:env|text|flag|count|texts|web_address|db_url)\("([A-Z_]+)"', source))
    read |= {"OIDC_CLIENT_ID", "OIDC_CLIENT_SECRET"}
    assert read == GUIDE
    for name in ("web", "worker", "beat", "migrate"):
        given = set(compose[name]["environment"])
        assert given - {"DATABASE_OWNER_URL"} == read - {"DATABASE_OWNER_URL", "DEMO", "DEBUG", "MEDIA_ROOT"}


def test_the_database_that_compose_starts_keeps_no_word_in_its_log():
    command = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]["db"]["command"]
    assert dict(part.split("=") for part in command.split() if "=" in part) == POSTGRES_SETTINGS
