from earlyhelp.notifications.registry import REFERENCE_ONLY, Notice, may_read


class RequestReceived(Notice):
    kind = "families.request_received"
    text = "a request waits for triage: {reference}"
    readers = may_read("families.Request")


class RequestAnswered(Notice):
    kind = "families.request_answered"
    text = "the request {reference} has an answer"
    readers = may_read("families.Request")


class RequestJoined(Notice):
    kind = "families.request_joined"
    text = "a new request came for the family {reference}: please read it, and reach the family"


class AskedInConfidence(Notice):
    kind = "families.asked_in_confidence"
    text = "someone of the family {reference} asked for help in confidence: read the request before you contact anyone"


class ChangeWaits(Notice):
    kind = "families.change_waits"
    text = "a change of someone’s date of birth or parental responsibility waits for you, in the family {reference}"


class ChangeDecided(Notice):
    kind = "families.change_decided"
    text = "the lead decided on the change that you asked for in the family {reference}"


class MovedHere(Notice):
    kind = "families.moved_here"
    text = "the family {reference} belongs to your area now"


class FirstContactIsYours(Notice):
    kind = "families.first_contact"
    text = "please make the first contact with the family {reference}"


class OpenedAgain(Notice):
    kind = "families.opened_again"
    text = "early help has begun again for the family {reference}: an earlier record has a new first contact"


class LedBefore(Notice):
    kind = "families.led_before"
    text = "early help has begun again for the family {reference}, which you led: someone else makes the first contact"
    readers = REFERENCE_ONLY


class AskedToLead(Notice):
    kind = "families.asked_to_lead"
    text = "you are asked to lead for the family {reference}"


class StaysOnTeam(Notice):
    kind = "families.stays_on_team"
    text = "someone else leads now for the family {reference}, and you stay on its team"


class LeadFound(Notice):
    kind = "families.lead_found"
    text = (
        "someone accepted to lead for the family {reference}, which you step down: you are there until that is complete"
    )


class LedUntilNow(Notice):
    kind = "families.led_until_now"
    text = "someone else leads now for the family {reference}, and your part has ended"
    readers = REFERENCE_ONLY


class LeadNotNeeded(Notice):
    kind = "families.lead_not_needed"
    text = "someone else accepted to lead for the family {reference}: you needn’t answer any more"
    readers = REFERENCE_ONLY


class LeadAnswered(Notice):
    kind = "families.lead_answered"
    text = "there is an answer about who leads for the family {reference}"


class Invited(Notice):
    kind = "families.invited"
    text = "you are invited to the team around the family {reference}"


class InvitationAnswered(Notice):
    kind = "families.invitation_answered"
    text = "someone answered your invitation to the team around the family {reference}"


class AccessEnded(Notice):
    kind = "families.access_ended"
    text = "your access to the family {reference} has ended"
    readers = REFERENCE_ONLY


class EarlyHelpEnded(Notice):
    kind = "families.ended"
    text = "early help for {reference} has ended"
    readers = REFERENCE_ONLY


class MustAct(Notice):
    kind = "families.must_act"
    text = "the {agreement} of the family {reference} has changed: please decide what happens next"


class FiledWrongly(Notice):
    kind = "families.filed_wrongly"
    text = "something was filed in the wrong family: {reference}"


class VirusFound(Notice):
    kind = "families.virus_found"
    text = "a file was removed because a virus was found in it: {reference}"


class RestrictedAsked(Notice):
    kind = "families.restricted_asked"
    text = "someone checked for a restricted record, of the family {reference}"


class OpenedBesideRestricted(Notice):
    kind = "families.opened_beside_restricted"
    text = "a record was opened that may be of a restricted family, as {reference}: please look whether it is the same"


class HelpAsked(Notice):
    kind = "families.help_asked"
    text = "please help find who leads for the family {reference}"


class LeadSuggested(Notice):
    kind = "families.lead_suggested"
    text = "the early help team suggests who could lead for the family {reference}"


class ServiceAnswered(Notice):
    kind = "families.service_answered"
    text = "there is an answer of a service that was asked for the family {reference}"


class HelpDone(Notice):
    kind = "families.help_done"
    text = "your area’s early help team has done what it could to find who leads for the family {reference}"
