"""The harness itself is strict."""

import socket

import pytest
from django.template.loader import render_to_string


def test_an_undefined_variable_in_a_template_of_ours_fails():
    with pytest.raises(AssertionError, match="is not defined in"):
        render_to_string("govuk/back_link.html", {"text": "Back"})


def test_nothing_reaches_another_machine():
    with socket.socket() as plug, pytest.raises(AssertionError, match="another machine"):
        plug.connect(("192.0.2.1", 80))
