from earlyhelp.notifications.registry import Notice


class RequestReceived(Notice):
    kind = "families.request_received"
    text = "a request waits for triage: {reference}"


class RequestAnswered(Notice):
    kind = "families.request_answered"
    text = "your request {reference} has an answer"


class FirstContactIsYours(Notice):
    kind = "families.first_contact"
    text = "please make the first contact with the family {reference}"


class AskedToLead(Notice):
    kind = "families.asked_to_lead"
    text = "you are asked to lead for the family {reference}"


class LeadAnswered(Notice):
    kind = "families.lead_answered"
    text = "there is an answer about who leads for {reference}"


class Invited(Notice):
    kind = "families.invited"
    text = "you are invited to the team around the family {reference}"


class InvitationAnswered(Notice):
    kind = "families.invitation_answered"
    text = "someone answered your invitation to the team around {reference}"


class AccessEnded(Notice):
    kind = "families.access_ended"
    text = "your agency’s access to {reference} has ended"


class MustAct(Notice):
    kind = "families.must_act"
    text = "the agreement for {reference} has changed: please decide what happens next"


class RestrictedAsked(Notice):
    kind = "families.restricted_asked"
    text = "someone checked for a restricted record: {reference}"
