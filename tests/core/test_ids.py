"""Ids of a table that grows fast."""

import time
from uuid import RFC_4122

from earlyhelp.core.ids import ordered_id


def test_what_is_made_later_stands_later_and_no_two_are_the_same():
    first = ordered_id()
    time.sleep(0.002)
    many = [ordered_id() for _ in range(1000)]
    assert min(many) > first
    assert len(set(many)) == 1000
    assert {(one.version, one.variant) for one in many} == {(7, RFC_4122)}
