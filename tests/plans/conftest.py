import pytest

from tests.cast import led_family


@pytest.fixture
def family(cast):
    """Led by Alice, with Charlie on the team."""
    return led_family(cast)
