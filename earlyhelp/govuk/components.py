"""What pages hand to the component tags: plain data. A value may be text, or HTML that Django knows to be safe."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils.safestring import SafeString

from earlyhelp.core.clock import in_london, is_doubled, now, today

Text = str | SafeString


@dataclass(frozen=True)
class Row:
    """One line of a summary list; `hidden_text` completes the action for a screen reader ("Change" + "name")."""

    key: Text
    value: Any
    action_text: str = ""
    action_url: str = ""
    hidden_text: str = ""


@dataclass(frozen=True)
class Task:
    """One line of a task list. Without a URL it can't be started yet; without a colour its status is plain text."""

    title: Text
    url: str = ""
    status_text: str = ""
    status_colour: str = ""
    hint: Text = ""


@dataclass(frozen=True)
class NavItem:
    """A link of the service navigation or of a sub-navigation."""

    text: str
    url: str
    current: bool = False


@dataclass(frozen=True)
class TimelineItem:
    """Something that happened: what, when, by whom."""

    title: Text
    when: datetime | date | str
    who: Text = ""
    text: Text = ""
    url: str = ""


@dataclass(frozen=True)
class Deadline:
    """What happens next, by when, by whom."""

    title: Text
    when: datetime | date | str
    who: Text = ""
    status_text: str = ""
    status_colour: str = ""
    url: str = ""


@dataclass(frozen=True)
class Choice:
    """An answer to a radio or checkbox question; choosing it may reveal other fields of the form, by name."""

    value: Any
    label: Text
    hint: Text = ""
    reveals: tuple[str, ...] = field(default=())


def until_text(until: datetime) -> str:
    """When something ends, as people say it: the last minute of a day, or the midnight after, is its end."""
    local = in_london(until)
    if (local.hour, local.minute) not in ((23, 59), (0, 0)):
        return when_text(until)
    return f"the end of {when_text((local - timedelta(minutes=1)).date())}"


def short_text(when: datetime | date) -> str:
    """A day as a list says it: "19 Nov"; "today", with the time where it has one before the day's end; "tomorrow"."""
    day = in_london(when).date() if isinstance(when, datetime) else when
    if day == today():
        local = in_london(when) if isinstance(when, datetime) else datetime.combine(day, time.max)
        ends_with_it = (local.hour, local.minute) == (23, 59)
        return "today" if ends_with_it else f"today at {_time_text(local)}"
    if day == today() + timedelta(days=1):
        return "tomorrow"
    return f"{day:%-d %b}" if day.year == today().year else f"{day:%-d %b %Y}"


def age_text(when: datetime) -> str:
    """How long ago it was, in whole days: "since today", "1 day", "12 days"."""
    days = (today() - in_london(when).date()).days
    return f"{days} day{'s' * (days != 1)}" if days > 0 else "since today"


def late_text(when: datetime | date) -> str:
    """How late it is since something was due: "6 days late"; "late" on the day itself; "" while it isn't."""
    day = in_london(when).date() if isinstance(when, datetime) else when
    days = (today() - day).days
    if days > 0:
        return f"{days} day{'s' * (days != 1)} late"
    return "late" if isinstance(when, datetime) and when < now() else ""


def when_text(when: datetime | date | str) -> str:
    """A moment the GOV.UK way, in England's time: "3 June 2027 at 2:30pm", with the zone where the time comes twice; a date
    without the time; text as it is."""
    if isinstance(when, datetime):
        local = in_london(when)
        zone = f" {local.tzname()}" if is_doubled(local) else ""
        return f"{local:%-d %B %Y} at {_time_text(local)}{zone}"
    return f"{when:%-d %B %Y}" if isinstance(when, date) else when


def _time_text(local: datetime | time) -> str:
    return f"{local.hour % 12 or 12}:{local.minute:02}{'am' if local.hour < 12 else 'pm'}"
