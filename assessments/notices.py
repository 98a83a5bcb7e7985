from earlyhelp.notifications.registry import Notice


class PartAsked(Notice):
    kind = "assessments.part_asked"
    text = "your agency is asked for its part of the assessment for {reference}"


class PartReminded(Notice):
    kind = "assessments.part_reminded"
    text = "the assessment for {reference} still waits for your agency’s part"


class PartAnswered(Notice):
    kind = "assessments.part_answered"
    text = "an agency answered: its part of the assessment for {reference} is in, or it has nothing to add"


class ChangeProposed(Notice):
    kind = "assessments.change_proposed"
    text = "someone proposes another text in the assessment for {reference}"


class ProposalDecided(Notice):
    kind = "assessments.proposal_decided"
    text = "there is an answer to the text that you proposed for {reference}"


class LeftOut(Notice):
    kind = "assessments.left_out"
    text = "what you wrote in the last assessment for {reference} was left out of the next one"


class Overseen(Notice):
    kind = "assessments.overseen"
    text = "your manager wrote about the assessment for {reference}"


class SentBack(Notice):
    kind = "assessments.sent_back"
    text = "your manager sent the assessment for {reference} back: read why, and open its next version"


class SignedOff(Notice):
    kind = "assessments.signed_off"
    text = "your manager signed off the assessment for {reference}"


class Final(Notice):
    kind = "assessments.final"
    text = "the assessment for {reference} is final: read it, and sign it off or send it back"
