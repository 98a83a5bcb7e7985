"""A page as a person finds it: its words, and its form as a browser would send it."""

import re
from html import unescape
from html.parser import HTMLParser


def text_of(response) -> str:
    """What a page says, on one line."""
    body = re.sub(r"<(script|style).*?</\1>", " ", response.content.decode(), flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())


def opened(client, url: str, response=None) -> dict[str, str | list[str]]:
    """The answers of the form on a page, as a browser would send them if nothing were changed."""
    response = response or client.get(url)
    assert response.status_code == 200, response.status_code
    return answers_in(response.content.decode())


def answers_in(page: str) -> dict[str, str | list[str]]:
    """The answers of the form on a page, by name."""
    parser = _Form()
    parser.feed(page)
    return {name: values if len(values) > 1 else values[0] for name, values in parser.found.items()}


def second_page(client, url: str, **answers):
    """The second page of recording an agreement, once the first is answered."""
    first = {"decision": "given", "how": "signed", "explained": ["all"]} | answers
    return client.post(url, opened(client, url) | first, follow=True)


def copy_for_all(client, url: str) -> dict[str, str | list[str]]:
    """What to answer for a copy that everyone of the family reads, as they all agreed."""
    parts = client.get(url).context or []
    forms = (part["form"] for part in parts if "form" in part)  # a part of the page may call its words so
    fields = next((form.fields for form in forms if hasattr(form, "fields")), {})
    if "whose" not in fields:
        return {"for_whom": "family"}
    return {"for_whom": "family", "whose": "everyone", "shown": [pk for pk, _ in fields["shown"].choices]}


class _Form(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, list[str]] = {}
        self.inside, self.area, self.select, self.text = False, "", "", ""

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        name, kind = given.get("name"), given.get("type", "text")
        if tag == "form":
            self.inside = given.get("method") == "post" and "novalidate" in given
        if not self.inside:
            return
        if tag == "textarea":
            self.area, self.text = name, ""
        elif tag == "select":
            self.select = name
        elif tag == "option" and self.select and "selected" in given:
            self.found[self.select] = [given.get("value", "")]
        elif tag == "input" and name and (kind not in ("radio", "checkbox", "submit", "file") or "checked" in given):
            self.found.setdefault(name, []).append(given.get("value", "on" if kind == "checkbox" else "") or "")

    def handle_data(self, data):
        if self.area:
            self.text += data

    def handle_endtag(self, tag):
        if tag == "textarea" and self.area:
            self.found[self.area] = [self.text.removeprefix("\n")]
            self.area = ""
        elif tag == "select":
            self.found.setdefault(self.select, [""])
            self.select = ""
        elif tag == "form":
            self.inside = False
