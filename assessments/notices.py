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


class Overseen(Notice):
    kind = "assessments.overseen"
    text = "your manager wrote about the assessment for {reference}, returned it, or signed it off"
