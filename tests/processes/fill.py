"""Writes the cast and a family that Alice leads, as the services do, and says where things are: `python -m …`."""

import json
import sys

import django

django.setup()

from django.db import transaction  # noqa: E402

from consent.models import Tier  # noqa: E402
from consent.services.ledger import record_choices  # noqa: E402
from consent.word import Choice  # noqa: E402
from earlyhelp.access.identity import acting_as  # noqa: E402
from tests.cast import child, led_family, make_cast, mother  # noqa: E402

with transaction.atomic():
    cast = make_cast()
    family = led_family(cast, name="Okafor")
    with acting_as(cast.alice):
        ada, grace = child(family), mother(family)
        record_choices(family=family, choices=[Choice(ada, cast.health, Tier.BASIC, grace)], actor=cast.alice)
sys.stdout.write(json.dumps({"url": family.get_absolute_url(), "ada": ada.pk, "grace": grace.pk}))
