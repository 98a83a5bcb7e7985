"""How far random tests look: a few cases, the same each time; with HUNT=1 (`make hunt`) thousands, new each time."""

import os

from hypothesis import HealthCheck, settings

HUNTS = bool(os.environ.get("HUNT"))
settings.register_profile("steady", derandomize=True, deadline=None, database=None)
settings.register_profile("hunt", max_examples=5000, deadline=None, print_blob=True)
settings.load_profile("hunt" if HUNTS else "steady")


def worlds(count: int) -> settings:
    """For tests that build a whole world in the database for each case."""
    return settings(
        max_examples=count * (10 if HUNTS else 1),
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    )
