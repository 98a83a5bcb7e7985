"""An odd address is not found, whoever asks: the database isn't troubled with it."""

import pytest

ODD = [
    "/families/%00/", "/families/123-4567/people/99999999999999999999/", "/families/?stage=%00", "/requests/%00/",
    "/families/123-4567/notes/99999999999/in-error/", "/search/?q=%00", "/messages/%00/",
]  # fmt: skip


@pytest.mark.parametrize("address", ODD)
def test_an_odd_address_is_not_found(cast, sign_in, address):
    answer = sign_in(cast.alice).get(address)
    assert answer.status_code == 404
    assert "Page not found" in answer.content.decode()
