from enum import IntEnum


class Level(IntEnum):
    """How far someone may go with one family (design, section 3). Each level holds those below it."""

    NONE = 0
    BASIC = 1
    VIEW = 2
    CONTRIBUTE = 3
    LEAD = 4
    MANAGE = 5

    @property
    def words(self) -> str:
        return LEVEL_WORDS[self]


LEVEL_WORDS = {
    Level.NONE: "nothing",
    Level.BASIC: "basic: that the family is known and who leads",
    Level.VIEW: "view: read the record",
    Level.CONTRIBUTE: "contribute: read and add to the record",
    Level.LEAD: "lead: run the family’s support",
    Level.MANAGE: "manage: oversee the family’s support",
}
