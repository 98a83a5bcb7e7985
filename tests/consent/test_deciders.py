"""What someone who decides for themselves let end, nobody else lengthens or takes back (ROT-21)."""

from datetime import timedelta

import pytest

from consent.models import Tier
from consent.services.ledger import record_choices
from consent.word import Choice
from earlyhelp.access.identity import acting_as
from earlyhelp.core import clock
from earlyhelp.core.errors import Refused
from tests.cast import add_sibling, mother


@pytest.mark.parametrize("days", [-1, 5])
def test_a_mother_gives_no_longer_than_her_daughter_did(cast, days, family):
    with acting_as(cast.alice):
        born = clock.today().replace(year=clock.today().year - 16)
        tola = add_sibling(family, cast.alice, kind="child", first_name="Tola", last_name="Okafor", date_of_birth=born)
        ends = clock.now() + timedelta(days=days)
        own = Choice(tola, cast.other_school, Tier.ADDITIONAL, tola)
        record_choices(family=family, choices=[own], actor=cast.alice, until=ends)
        hers = Choice(tola, cast.other_school, Tier.ADDITIONAL, mother(family))
        with pytest.raises(Refused, match="decides for themselves"):
            record_choices(family=family, choices=[hers], actor=cast.alice)


def test_a_mother_does_not_take_back_her_daughters_never(cast, family):
    with acting_as(cast.alice):
        born = clock.today().replace(year=clock.today().year - 16)
        tola = add_sibling(family, cast.alice, kind="child", first_name="Tola", last_name="Okafor", date_of_birth=born)
        own = Choice(tola, cast.other_school, Tier.NONE, tola, never=True)
        record_choices(family=family, choices=[own], actor=cast.alice)
        hers = Choice(tola, cast.other_school, Tier.NONE, mother(family))
        with pytest.raises(Refused, match="decides for themselves"):
            record_choices(family=family, choices=[hers], actor=cast.alice)
