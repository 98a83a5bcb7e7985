"""Errors that carry a sentence for the person who meets them."""


class Refused(Exception):
    """The record can't take this step. Says what is missing and who can put it right, never a person's data; `field`
    names the answer to change, where a form asked for it."""

    def __init__(self, reason: str, *, field: str = "") -> None:
        super().__init__(reason)
        self.reason, self.field = reason, field


class Stale(Refused):
    """Someone else changed the same thing in between; what was typed is kept."""
