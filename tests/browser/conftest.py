"""People in a browser, in sentences; every page that they come to is checked with axe."""

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar

import pytest
from django.test import Client
from playwright.sync_api import Browser, Locator, Page, expect

from earlyhelp.accounts.models import User
from earlyhelp.core import clock

ROOT = Path(__file__).parents[2]
AXE = (ROOT / "node_modules" / "axe-core" / "axe.min.js").read_text()
# What a page is made of, whatever it says
SKELETON = "[...document.querySelectorAll('*')].map(e => e.tagName + e.className + (e.role ?? '')).join(' ')"
WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 320, "height": 800}


@pytest.fixture(scope="session", autouse=True)
def django_in_a_browser_test() -> Iterator[None]:
    """Playwright runs an event loop in this thread; Django may be called beside it."""
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    yield
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args) -> dict[str, object]:
    quiet = ["--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"]
    return {
        **browser_type_launch_args,
        "executable_path": os.environ.get("CHROMIUM", "/usr/bin/chromium"),
        "args": ["--no-sandbox", "--disable-gpu", "--disable-quic", *quiet],
    }


class Visitor:
    """Someone at a screen."""

    seen: ClassVar[set[tuple[str, str]]] = set()

    def __init__(self, browser: Browser, address: str, user: User) -> None:
        self.address, self.user = address, user
        self.context = browser.new_context(viewport=WIDE, base_url=address, locale="en-GB", timezone_id="Europe/London")
        self.page: Page = self.context.new_page()
        self.page.set_default_timeout(10_000)
        self.clicks = 0

    def signs_in(self) -> "Visitor":
        self.goes_to("/accounts/login/")
        self.types("E-mail address", self.user.email)
        self.types("Password", "a good long password")
        self.presses("Sign in")
        return self

    def is_signed_in(self) -> "Visitor":
        client = Client()
        client.force_login(self.user, backend="django.contrib.auth.backends.ModelBackend")
        cookie = client.cookies["sessionid"].value
        self.context.add_cookies([{"name": "sessionid", "value": cookie, "url": self.address}])
        return self

    def goes_to(self, path: str) -> "Visitor":
        self.page.goto(path)
        return self.looks()

    def looks(self) -> "Visitor":
        """The page is accessible, and nothing in it reaches past a narrow screen: looked at once for each page and state."""
        kind = re.sub(r"\d{3}-\d{4}|[0-9a-f-]{36}|\d+", "x", self.page.url.removeprefix(self.address))
        state = (kind, self.page.evaluate(SKELETON))
        if state in self.seen and not os.environ.get("SHOTS"):
            return self
        self.seen.add(state)
        self.page.evaluate(AXE)
        found = self.page.evaluate("axe.run()")
        problems = [f"{v['id']}: {[n['target'] for n in v['nodes']]}" for v in found["violations"]]
        assert problems == [], f"{self.page.url}: {problems}"
        self.page.set_viewport_size(NARROW)
        wide = self.page.evaluate("document.documentElement.scrollWidth")
        self.keeps("320")
        self.page.set_viewport_size(WIDE)
        assert wide <= NARROW["width"], f"{self.page.url} is {wide} pixels wide on a narrow screen"
        self.keeps("1280")
        return self

    def keeps(self, width: str) -> None:
        """With SHOTS=folder, a picture of every page at both widths, to look at."""
        folder = os.environ.get("SHOTS")
        if folder:
            name = (
                re.sub(r"\d{3}-\d{4}|\d+", "x", self.page.url.removeprefix(self.address)).strip("/").replace("/", "_")
            )
            error = "_error" if self.page.locator(".govuk-error-summary").count() else ""
            self.page.screenshot(path=f"{folder}/{name[:80] or 'home'}{error}_{width}.png", full_page=True)

    def follows(self, link: str) -> "Visitor":
        return self.comes_by(self.page.locator("#main-content a, nav a, .govuk-back-link").filter(has_text=link))

    def presses(self, button: str) -> "Visitor":
        return self.comes_by(self.page.get_by_role("button", name=button))

    def comes_by(self, control: Locator) -> "Visitor":
        """To the page that a link or button leads to; the page left behind isn't looked at by mistake."""
        self.clicks += 1
        with self.page.expect_navigation():
            control.first.click()
        return self.looks()

    def opens(self, summary: str) -> "Visitor":
        """What is folded away on this page."""
        self.clicks += 1
        self.page.locator("summary").filter(has_text=summary).first.click()
        return self

    def group(self, question: str) -> Locator:
        return self.page.get_by_role("group", name=question).first

    def types(self, label: str, text: str) -> "Visitor":
        optional = re.compile(rf"^{re.escape(label)}( \(optional\))?$")
        self.page.get_by_label(optional).first.fill(text)
        return self

    def answers(self, question: str, answer: str) -> "Visitor":
        self.clicks += 1
        self.group(question).get_by_label(answer, exact=True).first.check()
        return self

    def ticks(self, label: str) -> "Visitor":
        self.clicks += 1
        self.page.get_by_label(label, exact=True).first.check()
        return self

    def selects(self, label: str, option: str) -> "Visitor":
        self.clicks += 1
        self.page.get_by_label(label, exact=True).first.select_option(label=option)
        return self

    def dates(self, question: str, day, at: str = "") -> "Visitor":
        group = self.group(question)
        for part, value in (("Day", day.day), ("Month", day.month), ("Year", day.year)):
            group.get_by_label(part, exact=True).fill(str(value))
        if at:
            group.get_by_label("Time", exact=False).fill(at)
        return self

    def just_now(self, question: str) -> "Visitor":
        now = clock.now().astimezone(clock.LONDON)
        return self.dates(question, now.date(), f"{now:%H:%M}")

    def sees(self, *texts: str) -> "Visitor":
        for text in texts:
            expect(self.page.locator("body")).to_contain_text(text)
        return self

    def does_not_see(self, *texts: str) -> "Visitor":
        for text in texts:
            expect(self.page.locator("body")).not_to_contain_text(text)
        return self

    def status_of(self, path: str) -> int:
        """What the server answers at an address, without leaving the page."""
        return self.context.request.get(f"{self.address}{path}", max_redirects=0).status


@pytest.fixture
def visitor(browser, live_server):
    """Makes someone sit down at a screen."""
    visitors: list[Visitor] = []

    def sits_down(user: User) -> Visitor:
        visitors.append(Visitor(browser, live_server.url, user))
        return visitors[-1]

    yield sits_down
    for one in visitors:
        one.context.close()
