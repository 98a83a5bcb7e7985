import logging
import random
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.db.models import F

from earlyhelp.access.identity import acting_as_system
from earlyhelp.core import clock
from earlyhelp.demo.marchshire import authority, statistics, stories
from earlyhelp.demo.marchshire.generate import generate
from earlyhelp.demo.marchshire.telling import Teller
from earlyhelp.notifications.models import Notification
from families.models import Family, Person

SEED = 7
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

    def load(self, rng: random.Random) -> None:
        """All of it, in the one transaction of who asks: a broken load leaves nothing."""
        marchshire = authority.build()
        self.say(
            f"{len(marchshire.localities)} areas, {len(marchshire.agencies)} agencies, {len(marchshire.users)} people"
        )
        teller = Teller(marchshire, rng)
        self.say(f"{len(stories.tell_all(teller))} families told in full")
        with acting_as_system(WHY):
            statistics.refresh()
            self.say(f"{generate(teller)} more families")
            Notification.objects.update(emailed_at=F("created_at"))
            Notification.objects.filter(created_at__lt=clock.now() - NEWS).update(read_at=F("created_at"))
            with connection.cursor() as cursor:
                cursor.execute("SELECT access_disagreements()")
                (disagreements,) = cursor.fetchone()
            if disagreements:
                raise CommandError(f"Grants differ from their sources in {disagreements} rows. Nothing was loaded.")
            self.say(
                f"{Family.objects.count()} families with {Person.objects.count()} people: {authority.NAME} is ready"
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
