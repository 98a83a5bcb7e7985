"""What may be done to a request, a family, its people and its team, and why not."""

from earlyhelp.access.actions import NEEDS, Asker, action
from earlyhelp.access.case import Case
from earlyhelp.access.levels import Level
from earlyhelp.access.reasons import ASKS_AGAIN, COVERS, that_run
from earlyhelp.accounts.models import Role
from earlyhelp.accounts.roles import has_role, localities_of, memberships
from families.case import episode, lead
from families.models import Document, Lead, LocalityHelp, Note, Request, ServiceRequest, TeamMember, WaitingChange
from families.services.errors import Item, author_of

FRONT_LINE = (
    Role.PRACTITIONER,
    Role.MANAGER,
    Role.LOCALITY_OFFICER,
    Role.SERVICE_MANAGER,
    Role.SOCIAL_WORKER,
    Role.BUSINESS_SUPPORT,
)


def works_with_families(asker: Asker, thing: object) -> str:
    if has_role(asker.user, *FRONT_LINE):
        return ""
    return "Your role works with no families. Ask your administrator if that is wrong."


def _triages(asker: Asker, request: Request) -> str:
    if request.locality not in localities_of(asker.user):
        return f"Only the early help team for {request.locality} can answer this request."
    if request.outcome != Request.Outcome.WAITING:
        return "This request has an outcome already."
    if request.is_being_written:
        return "It isn’t sent yet: the family’s assessment, which is the request, is being written."
    if request.is_assessment and request.asked_by_id == asker.user.pk:
        return "You asked: someone else of the early help team answers it, or the service manager."
    return ""


def _accepts(asker: Asker, request: Request) -> str:
    if refusal := _triages(asker, request):
        return refusal
    return "The family’s record is open already. Read the assessment, and answer it." if request.is_assessment else ""


def episode_open(asker: Asker, case: Case) -> str:
    current = episode(case)
    if current is None or current.ended_at:
        return "Early help for this family has ended. A new request opens it again."
    return ""


def runs(asker: Asker, case: Case) -> str:
    """For who runs the family's support, also when withdrawal has left them what handing over or closing needs."""
    if asker.level < Level.LEAD and not asker.runs:
        return NEEDS[Level.LEAD]
    return episode_open(asker, case)


NO_AGREEMENT = (
    "The family does not agree to early help, or not with your agency, so nothing is added to this record. Keep what your"
    " own service does in its own records, and record here what the family decides next."
)


def _adds(asker: Asker, case: Case) -> str:
    """Why someone can't add to the record: who runs the support is told what is missing, others whom to ask."""
    if asker.level >= Level.CONTRIBUTE:
        return ""
    return NO_AGREEMENT if asker.runs else NEEDS[Level.CONTRIBUTE]


def _contacts(asker: Asker, case: Case) -> str:
    if (refusal := _adds(asker, case)) and ASKS_AGAIN not in asker.reasons:
        return refusal
    return episode_open(asker, case)


def _was_asked_to_lead(asker: Asker, asked: Lead) -> str:
    if asked.user_id != asker.user.pk:
        return "Only the person who was asked can answer."
    return "" if asked.status == Lead.Status.ASKED else "This was answered already."


def _finds_a_lead(asker: Asker, case: Case) -> str:
    """Not before a family that was helped before is asked again: who may lead, or help, depends on what it shares now."""
    if ASKS_AGAIN in asker.reasons and asker.level < Level.LEAD:
        return "Ask the family first: who can lead depends on what they agree to share now."
    return runs(asker, case)


def _challenge(asker: Asker, asked: Lead) -> str:
    if asker.level < Level.LEAD and not asker.runs:
        return NEEDS[Level.LEAD]
    if asked.status != Lead.Status.DECLINED:
        return "They have not declined to lead."
    return "This is recorded already." if asked.challenged_on else ""


def _lead_myself(asker: Asker, case: Case) -> str:
    if refusal := _finds_a_lead(asker, case):
        return refusal
    if not any(work.may_lead for work in memberships(asker.user)):
        return "Your role leads no families. Ask someone to lead."
    current = episode(case)
    if current and current.from_social_care and current.steps_down and current.first_contact_by_id == asker.user.pk:
        return "You step this family down from social care: ask whoever leads from now on."
    if asker.reasons & that_run() == {COVERS}:
        return "You stand in for the lead for some days. Ask the family’s lead, or their manager, who leads after that."
    leads = lead(case)
    return "You lead for this family already." if leads and leads.user_id == asker.user.pk else ""


def _ask_locality(asker: Asker, case: Case) -> str:
    if refusal := _finds_a_lead(asker, case):
        return refusal
    if case.family.restricted:
        return "This record is restricted: ask the early help service manager to help find a lead."
    return ""


def _help(asker: Asker, asked: LocalityHelp) -> str:
    if asked.status != LocalityHelp.Status.ASKED:
        return "This was ended already."
    if asked.locality not in localities_of(asker.user) and not asker.runs:
        return f"Only the early help team for {asked.locality} or who runs the family’s support can end this."
    return ""


def _suggests(asker: Asker, asked: LocalityHelp) -> str:
    if asked.status != LocalityHelp.Status.ASKED:
        return "This was ended already."
    if asked.locality not in localities_of(asker.user):
        return f"Only the early help team for {asked.locality} suggests who could lead."
    return ""


def _was_invited(asker: Asker, member: TeamMember) -> str:
    if member.user_id != asker.user.pk:
        return "Only the person who was invited can answer."
    return "" if member.status == TeamMember.Status.INVITED else "This was answered already."


def may_supervise(asker: Asker) -> bool:
    return asker.level >= Level.MANAGE or has_role(asker.user, Role.MANAGER)


def _wrote_it(asker: Asker, note: Note) -> str:
    return "" if note.author_id == asker.user.pk else "Only who wrote the note adds to it. Write a note of your own."


def _waits(asker: Asker, change: WaitingChange) -> str:
    return "" if change.status == WaitingChange.Status.WAITING else "This was decided already."


def _unanswered(asker: Asker, asked: ServiceRequest) -> str:
    return "" if asked.is_open else "This has its answer already. If the service changes its mind, ask it again."


def _opens(asker: Asker, document: Document) -> str:
    if not document.for_lead or asker.level >= Level.LEAD:
        return ""
    return "You can see that this exists. Only the lead and their manager can open it."


def _filed_it_or_leads(asker: Asker, item: Item) -> str:
    if asker.level >= Level.LEAD or author_of(item) == asker.user:
        return ""
    return "Only who filed it, the lead and managers can say that it is in the wrong family. Tell the lead now."


def _is_service_manager(asker: Asker, case: Case) -> str:
    return "" if has_role(asker.user, Role.SERVICE_MANAGER) else "Only the early help service manager can see this."


SEE_REQUESTS = action("requests.list", "See requests for support", rule=works_with_families)
MAKE_REQUEST = action("requests.make", "Ask for support", rule=works_with_families)
SEE_REQUEST = action("requests.see", "See a request")
TRIAGE = action("requests.triage", "Answer a request", rule=_triages)
ACCEPT = action("requests.accept", "Accept a request", rule=_accepts)
CHECK_RECORD = action("requests.check", "Check for an existing record", rule=works_with_families)

SEE_FAMILY = action("families.see", "See the family", Level.BASIC)
SEE_PEOPLE = action("families.see_people", "See the family’s people", Level.BASIC)
DECIDE_CHANGE = action("families.decide_change", "Decide on a change that waits", Level.LEAD, _waits)
CHANGE_FAMILY = action("families.change_family", "Change the family’s name or area", Level.LEAD)
PERSON_LEFT = action("families.person_left", "Say that someone is not here any more", Level.BASIC, runs)
CHANGE_PEOPLE = action("families.change_people", "Change the family’s people", Level.CONTRIBUTE)
RECORD_CONTACT = action("families.record_contact", "Record a contact", Level.BASIC, _contacts)
SEE_TEAM = action("families.see_team", "See the team", Level.VIEW)
INVITE = action("families.invite", "Invite someone to the team", Level.LEAD, episode_open)
ASK_TO_LEAD = action("families.ask_to_lead", "Ask someone to lead", Level.BASIC, _finds_a_lead)
RECORD_WISHES = action(
    "families.record_wishes", "Record whom the family would like to lead", Level.BASIC, _finds_a_lead
)
LEAD_MYSELF = action("families.lead_myself", "Lead for this family yourself", Level.BASIC, _lead_myself)
ASK_LOCALITY = action("families.ask_locality", "Ask the locality to help find a lead", Level.BASIC, _ask_locality)
END_HELP = action("families.end_help", "End the locality’s help to find a lead", Level.BASIC, _help)
SUGGEST_LEAD = action("families.suggest_lead", "Suggest who could lead", Level.BASIC, _suggests)
END_MEMBERSHIP = action("families.end_membership", "End someone’s place on the team", Level.LEAD, episode_open)
ANSWER_LEAD = action("families.answer_lead", "Answer whether you will lead", Level.BASIC, _was_asked_to_lead)
CHALLENGE_LEAD = action("families.challenge_lead", "Record how a no to leading was challenged", Level.BASIC, _challenge)
ANSWER_INVITATION = action("families.answer_invitation", "Answer an invitation", Level.BASIC, _was_invited)
SEE_NOTES = action("families.see_notes", "Read case notes", Level.VIEW)
WRITE_NOTE = action("families.write_note", "Write a case note", Level.BASIC, _adds)
ADD_TO_NOTE = action("families.add_to_note", "Add to a note of your own", Level.CONTRIBUTE, _wrote_it)
SEE_SERVICES = action("families.see_services", "See which services were asked for", Level.VIEW)
ASK_SERVICE = action("families.ask_service", "Ask for an additional service", Level.CONTRIBUTE, episode_open)
ANSWER_SERVICE = action("families.answer_service", "Record a service’s answer", Level.CONTRIBUTE, _unanswered)
SEE_DOCUMENTS = action("families.see_documents", "See the family’s documents", Level.VIEW)
FILE_DOCUMENT = action("families.file_document", "File a document", Level.CONTRIBUTE, episode_open)
OPEN_DOCUMENT = action("families.open_document", "Open a document", Level.VIEW, _opens)
END_EPISODE = action("families.end_episode", "End early help", Level.BASIC, runs)
FILE_IN_ERROR = action("families.file_in_error", "Say that this is in the wrong family", Level.VIEW, _filed_it_or_leads)
RESTORE = action("families.restore", "Say that it was right here after all", Level.MANAGE, _is_service_manager)
SEE_ERRORS = action("families.see_errors", "See what was filed in error", Level.MANAGE, _is_service_manager)
