from families.models.contact import Address, ContactAttempt, ContactDetail
from families.models.documents import Document
from families.models.episodes import Episode, EpisodeEnd
from families.models.errors import FiledInError
from families.models.families import AreaMove, ConnectedUser, Family, KnownWord, SearchKey
from families.models.notes import Note
from families.models.people import Person, PersonDetails, Relationship
from families.models.requests import RecordCheck, Request, RequestPerson, RequestWords
from families.models.services import ServiceRequest
from families.models.team import Lead, LeadWish, LocalityHelp, Runner, TeamMember
from families.models.waiting import WaitingChange

__all__ = [
    "Address",
    "AreaMove",
    "ConnectedUser",
    "ContactAttempt",
    "ContactDetail",
    "Document",
    "Episode",
    "EpisodeEnd",
    "Family",
    "FiledInError",
    "KnownWord",
    "Lead",
    "LeadWish",
    "LocalityHelp",
    "Note",
    "Person",
    "PersonDetails",
    "RecordCheck",
    "Relationship",
    "Request",
    "RequestPerson",
    "RequestWords",
    "Runner",
    "SearchKey",
    "ServiceRequest",
    "TeamMember",
    "WaitingChange",
]
