import logging
import os
import random
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db.models import F

from earlyhelp.access.identity import acting_as_system
from earlyhelp.access.models import Grant
from earlyhelp.access.triggers import disagreements
from earlyhelp.core import clock
from earlyhelp.demo.copies import copy
from earlyhelp.demo.marchshire import authority, statistics
from earlyhelp.demo.marchshire.stepdowns import tell_step_downs, tell_step_ups
from earlyhelp.demo.marchshire.telling import Teller, read, tell_all
from earlyhelp.notifications.models import Notification
from earlyhelp.procedures import services
from earlyhelp.procedures.document import NAMES, text_of
from families.models import Family, Person, Request

SEED = 7
TIMES = 12
CREWS = 4
NEWS = timedelta(days=5)
WHY = "load the demonstration"


class Command(BaseCommand):
    help = "Fill an empty database with Marchshire, a fictional authority. Again, it changes nothing."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("This fills a demonstration and nothing else. Where that is wanted, set DEMO=1.")
        with acting_as_system(WHY):
            if authority.is_loaded():
                self.say(f"{authority.NAME} is loaded already. Nothing was changed.")
            elif not authority.is_empty():
                raise CommandError("This database holds other data. The demonstration needs an empty one.")
            else:
                with quietly():
                    self.load(random.Random(SEED))
            if name := os.environ.get("PROCEDURE"):
                self.put_in_force(name)

    def put_in_force(self, name: str) -> None:
        """One of the procedures that come with the product: what runs follows it, as it would at a council."""
        if name not in NAMES:
            raise CommandError(f"There is no procedure “{name}”. Choose one of {', '.join(NAMES)}.")
        text = text_of(name)
        if text != services.text_in_force():
            for said in services.effects(text):
                self.say(said)
            services.load(text=text, actor=None, why=f"The demonstration shows “{name}”.")
        self.say(f"The procedure in force is “{name}”.")

    def load(self, rng: random.Random) -> None:
        """All of it, in the one transaction of who asks: a broken load leaves nothing."""
        marchshire = authority.build()
        self.say(
            f"{len(marchshire.localities)} areas, {len(marchshire.agencies)} agencies, {len(marchshire.users)} people"
        )
        teller = Teller(marchshire, rng)
        stories = tell_all(teller)
        self.say(f"{len(stories)} families told in full")
        self.say(f"{len(tell_step_downs(teller))} step-downs from social care")
        self.say(f"{tell_step_ups({story.name: story for story in stories})} step-ups to it")
        with acting_as_system(WHY):
            statistics.refresh()
            self.say(f"{self.copies(marchshire)} more families")
            Notification.objects.update(emailed_at=F("created_at"))
            Notification.objects.filter(created_at__lt=clock.now() - NEWS).update(read_at=F("created_at"))
            if any(wrong := disagreements().values()):
                raise CommandError(f"Rows differ from their sources: {list(wrong)}. Nothing was loaded.")
            self.say(
                f"{Family.objects.count()} families with {Person.objects.count()} people: {authority.NAME} is ready"
            )

    def copies(self, marchshire: authority.Authority) -> int:
        """More families like those told; none like the personas', whose desks stay as they were told."""
        personas = [marchshire.users[key] for key in ("alice", "bob", "charlie", "dana", "manager", "socialworker")]
        mine = (
            Grant.objects.filter(user__in=personas)
            .values("family")
            .union(Request.objects.filter(asked_by__in=personas, family__isnull=False).values("family"))
        )
        names = read("names")
        surnames = names["from_elsewhere"] + [a + b for b in names["endings"] for a in names["beginnings"]]
        return copy(
            Family.objects.exclude(pk__in=mine).values_list("pk", flat=True),
            times=TIMES,
            crews=CREWS,
            family_name=lambda n: surnames[n % len(surnames)],
            name=lambda n: f"{names['first'][n % len(names['first'])]} {surnames[-1 - n % len(surnames)]}",
        )

    def say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()


@contextmanager
def quietly() -> Iterator[None]:
    """Leave out the log line of each step that acts as the system."""
    logger = logging.getLogger("earlyhelp.access.identity")
    level = logger.level
    logger.setLevel(logging.WARNING)
    try:
        yield
    finally:
        logger.setLevel(level)
