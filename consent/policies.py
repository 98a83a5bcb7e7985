"""What may be done with the family's word."""

from consent.models import EmergencyAccess
from earlyhelp.access.actions import NEEDS, Asker, action
from earlyhelp.access.case import Case
from earlyhelp.access.identity import acting_as_system
from earlyhelp.access.levels import Level
from earlyhelp.access.reasons import ASKS_AGAIN
from earlyhelp.accounts.models import Role
from earlyhelp.accounts.roles import has_role
from earlyhelp.desk.policies import administers
from families.case import people
from families.models import Episode
from families.policies import episode_open, runs


def _records(asker: Asker, case: Case) -> str:
    if refusal := runs(asker, case):
        return refusal
    if asker.level == Level.BASIC and not people(case):
        return (
            "Nobody in this family shares with your agency now. If they decide otherwise, the early help service manager"
            " can record it."
        )
    return ""


def _changes_choices(asker: Asker, case: Case) -> str:
    """Not for who may not read a family's earlier record: its earlier choices are part of that."""
    if not reads_earlier_choices(asker, case):
        return "Ask the family first, and record what they decide: their earlier choices are not yours to read yet."
    return _records(asker, case)


def reads_earlier_choices(asker: Asker, case: Case) -> bool:
    if asker.level >= Level.VIEW:
        return True
    with acting_as_system("whether a family was helped before"):
        return not Episode.objects.filter(family=case.family, ended_at__isnull=False).exists()


def not_by_name(asker: Asker, case: Case) -> str:
    if asker.by_name:
        return "You read only what is about someone by name. Ask whoever let you in if you need to know more."
    return ""


SEE_SHARING = action("consent.see", "See what the family agreed and shares", Level.VIEW, not_by_name)
RECORD = action("consent.record", "Record what the family decides and shares", Level.BASIC, _records)
TAKE_BACK = action("consent.take_back", "Say that something was recorded by mistake", Level.BASIC, _records)
CHANGE_CHOICES = action("consent.change_choices", "Change what someone shares", Level.BASIC, _changes_choices)
SEE_WHAT_FOLLOWS = action("consent.what_follows", "See what follows from the family’s word", Level.BASIC, runs)
FILE_SCAN = action("consent.file_scan", "File the signed form", Level.LEAD, episode_open)
PRINT_FORM = action("consent.print", "Print the form", Level.VIEW, not_by_name)
PRINT_BLANK = action("consent.print_blank", "Print a blank form")
JUDGE = action("consent.judge", "Record a judgement of competence", Level.BASIC, runs)
OPEN_SIGNATURE = action("consent.open_signature", "Open a signature", Level.LEAD)
EXCLUDE = action("consent.exclude", "Keep someone named from the record", Level.LEAD)

EMERGENCY_ROLES = (Role.MANAGER, Role.LOCALITY_OFFICER, Role.SERVICE_MANAGER)


def _opens_in_emergency(asker: Asker, thing: object) -> str:
    if has_role(asker.user, *EMERGENCY_ROLES):
        return ""
    return "Only managers, locality officers and the service manager can do this. Call your manager."


def _opened_it(asker: Asker, access: EmergencyAccess) -> str:
    return "" if access.user_id == asker.user.pk else "Only the person who opened the record can stop it here."


def _reviews(asker: Asker, access: EmergencyAccess) -> str:
    if access.user_id == asker.user.pk:
        return "Someone else must review this: you opened the record."
    if access.finding:
        return "This was reviewed already."
    if asker.level >= Level.MANAGE or asker.user.pk in access.reviewers:
        return ""
    return "Only the lead’s manager or the service manager can review this."


def _shares_without_agreement(asker: Asker, case: Case) -> str:
    """Whoever runs the support, also after a withdrawal, and managers; also when early help has ended (ROT-17, ROT-19)."""
    if asker.level >= Level.LEAD or asker.runs or has_role(asker.user, Role.MANAGER):
        return ""
    return NEEDS[Level.LEAD]


def may_give_access(asker: Asker) -> bool:
    """Whether who sees the record is theirs to say: not of those who only look at it, or are to ask the family again."""
    return asker.level >= Level.LEAD or (asker.runs and ASKS_AGAIN not in asker.reasons)


def _may_withdraw(asker: Asker, case: Case) -> str:
    """Taking back needs no open episode: what was shared stays readable after the end."""
    return "" if may_give_access(asker) else NEEDS[Level.LEAD]


def _gave_information(asker: Asker, case: Case) -> str:
    if asker.level >= Level.CONTRIBUTE or asker.runs:
        return ""
    return NEEDS[Level.CONTRIBUTE]


WITHDRAW = action("consent.withdraw", "Stop sharing with an agency", Level.BASIC, _may_withdraw)
SEE_LAWFUL = action(
    "consent.see_lawful", "See what was shared without agreement", Level.BASIC, _shares_without_agreement
)
SHARE_LAWFULLY = action("consent.share_lawfully", "Share without agreement", Level.BASIC, _shares_without_agreement)
OPEN_IN_EMERGENCY = action("consent.emergency", "Open a record in an emergency", rule=_opens_in_emergency)
STOP_EMERGENCY = action("consent.stop_emergency", "Stop your emergency access", Level.BASIC, _opened_it)
SEE_EMERGENCIES = action("consent.emergencies", "See emergency access to review", rule=_opens_in_emergency)
REVIEW_EMERGENCY = action("consent.review_emergency", "Review emergency access", Level.BASIC, _reviews)
SEE_DISCLOSURES = action("consent.disclosures", "See what was given to whom", Level.BASIC, _gave_information)
RECORD_DISCLOSURE = action(
    "consent.record_disclosure", "Record that information was given", Level.BASIC, _gave_information
)
ASK_WHOM_FOR = action("consent.whom_for", "Say whom a copy is for", Level.VIEW)
SEE_BOARDS = action("consent.boards", "See where families’ decisions need someone to act", rule=_opens_in_emergency)
KEEP_WORDING = action("consent.keep_wording", "Keep what the form says", rule=administers)
PUBLISH_WORDING = action("consent.publish_wording", "Publish what the form says", rule=administers)
NAME_WHO_GOES_ON = action("consent.name_who_goes_on", "Name who goes on with someone", Level.BASIC, _opens_in_emergency)
PRINT_TEAM = action("consent.print_team", "Print who works with this family", Level.LEAD)
PRINT_LETTER = action("consent.print_letter", "Print the letter that names the lead", Level.LEAD)
