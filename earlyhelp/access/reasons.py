"""Why someone may see a family: each of the rule's doors gives codes, and here is what each of them says."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Reason:
    """`label` follows a name, as in "Alice leads"; `told` is how the family reads it, with {lead}, {service}, {council}
    and {locality} for the local words. Whoever `runs` the support keeps what is needed to hand over or close; `own`
    families stand on someone's own list."""

    code: str
    label: str
    told: str
    runs: bool = False
    own: bool = False


registry: dict[str, Reason] = {}


def reason(code: str, label: str, told: str, *, runs: bool = False, own: bool = False) -> str:
    """Declare a code once; answers with it."""
    if code in registry:
        raise ValueError(f"The reason {code} is declared twice")
    registry[code] = Reason(code, label, told, runs, own)
    return code


LEADS = reason("leads", "leads", "Is your {lead}", runs=True, own=True)
FIRST_CONTACT = reason(
    "first_contact", "first contact", "Is the first person who gets in touch with you", runs=True, own=True
)
ASKS_AGAIN = reason("asks_again", "is to ask the family again", "Is to ask you whether you would like early help again")
TEAM = reason("team", "on the team", "Works with you, on the team around your family", own=True)
COVERS = reason(
    "covers", "stands in for the lead", "Stands in for your {lead}, who is away for a while", runs=True, own=True
)
ASKED = reason("asked", "asked to lead", "Was asked to be your {lead}, and has not answered yet")
INVITED = reason("invited", "invited to the team", "Was invited to work with you, and has not answered yet")
MANAGES_LEAD = reason(
    "manages_lead", "manages the lead’s agency", "Manages the service that your {lead} works for", runs=True
)
MANAGES_TEAM = reason("manages_team", "manages someone on the team", "Manages someone who works with you")
LOCALITY = reason("locality", "locality officer", "Works in the early help team for {locality}")
LOCALITY_HELP = reason("locality_help", "helps find a lead", "Helps find someone to be your {lead}")
ANSWERS_REQUEST = reason(
    "answers_request", "answers the request", "Reads the assessment that was sent to them, and answers it"
)
SUPPORTS = reason("supports", "supports the lead", "Files papers for your {lead}")
EMERGENCY = reason("emergency", "emergency access", "Opened your record in an emergency", own=True)
LAWFUL = reason("lawful", "lawful sharing", "We shared with them without asking you first, and told you", own=True)
SERVICE = reason("service", "service manager", "Runs {service} for {council}")


def that_run() -> frozenset[str]:
    """The codes of those who run a family's support."""
    return frozenset(code for code, one in registry.items() if one.runs)


def that_own() -> frozenset[str]:
    """The codes for which a family stands on someone's own list."""
    return frozenset(code for code, one in registry.items() if one.own)
