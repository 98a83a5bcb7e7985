import uuid
from datetime import datetime

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from earlyhelp.access.levels import Level
from earlyhelp.access.reasons import ASKS_AGAIN
from earlyhelp.access.rowsecurity import ME, Policies, granted, triages, works
from earlyhelp.access.triggers import Refresh
from earlyhelp.accounts.models import Agency, Locality
from earlyhelp.core import clock
from earlyhelp.procedures.services import name_of, procedure_in_force
from families.models.episodes import Episode
from families.models.people import Person, unborn_name
from families.references import new_reference

KNOWS = "(families_request.family_id IS NULL OR " + granted(Level.BASIC, family="families_request.family_id") + ")"
NOT_KEPT_FROM = "(families_request.family_id IS NULL OR NOT access_kept_from(families_request.family_id))"
MANAGER = works("m.role = 'manager' AND m.agency_id = families_request.agency_id")
MANAGES = f"({MANAGER} AND {NOT_KEPT_FROM})"
TRIAGES = f"(families_request.submitted_at IS NOT NULL AND {triages('families_request.locality_id')} AND {KNOWS})"
ASKED = f"families_request.asked_by_id = {ME}"
MINE = f"({ASKED} AND {works('m.agency_id = families_request.agency_id')} AND {NOT_KEPT_FROM})"
# Of the family's people: who runs its support, or is to ask it again, or was given the request; of one that a young person
# made for themselves, only whoever they share that much with
FAMILY, THEIRS = "families_request.family_id", "families_request.theirs"
ANSWERS = (
    f"({granted(Level.BASIC, reason=ASKS_AGAIN, family=FAMILY, people=THEIRS)} AND EXISTS (SELECT 1 FROM"
    " families_episode e WHERE e.id = families_request.episode_id AND e.ended_at IS NULL))"
)
GIVEN = f"(families_request.given_to_id = {ME} AND {granted(Level.CONTRIBUTE, family=FAMILY, people=THEIRS)})"
FAMILYS = f"({granted(Level.LEAD, family=FAMILY, people=THEIRS)} OR {ANSWERS} OR {GIVEN})"
READERS = f"({MINE} OR {MANAGES} OR {TRIAGES} OR {FAMILYS})"
# What was said in it, and of whom: for who triages it, and the manager, until there is a family
FRONT_DOOR = f"({MINE} OR (families_request.family_id IS NULL AND ({MANAGES} OR {TRIAGES})))"


class Request(models.Model):
    """A request for support: seen by who made it, as long as they work for the agency that asked and nobody keeps the family
    from them; by their manager, who triages it, and then the family's own people. One with a family that waits is an
    assessment (MID-10): being written until it is submitted, then to be read by who triages it."""

    security = Policies(select=READERS, insert=ASKED, update=f"({MINE} OR {TRIAGES})")
    refreshes = Refresh(
        "access_refresh_families",
        key="family_id",
        watch=("episode_id", "locality_id", "outcome", "submitted_at"),
    )

    class Asker(models.TextChoices):
        PRACTITIONER = "practitioner", "A practitioner"
        FAMILY = "family", "A parent, carer or family member"
        YOUNG_PERSON = "young_person", "A young person, for themselves"
        SOCIAL_CARE = "social_care", "Children’s social care, to step the family down"

    class Outcome(models.TextChoices):
        WAITING = "waiting", "Waiting"
        ACCEPTED = "accepted", "Accepted"
        ADVICE = "advice", "Advice given"
        SINGLE_AGENCY = "single_agency", "One agency will help"
        FRONT_DOOR = "front_door", "Passed to the front door"
        DECLINED = "declined", "Declined"
        OWN_OFFER = "own_offer", "Met by the asker’s own service"
        ENDED = "ended", "Early help ended before there was an answer"

    class Agreed(models.TextChoices):
        SIGNED = "signed", "Signed on paper"
        VERBAL = "verbal", "Said so"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    reference = models.CharField(max_length=20, unique=True, default=new_reference, editable=False)
    family = models.ForeignKey("families.Family", on_delete=models.CASCADE, null=True, related_name="requests")
    episode = models.ForeignKey(Episode, on_delete=models.CASCADE, null=True, related_name="requests")
    joined = models.BooleanField(
        default=False, db_default=False, help_text="The episode was open already; the asker isn’t told."
    )
    created_at = models.DateTimeField(default=clock.now, editable=False)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    locality = models.ForeignKey(Locality, on_delete=models.PROTECT, related_name="+")
    who_asks = models.CharField(max_length=15, choices=Asker)
    family_name = models.CharField(max_length=150)
    level_of_need = models.CharField(max_length=10, blank=True)
    received_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True)
    agreed_how = models.CharField(max_length=10, choices=Agreed, blank=True)
    agreed_on = models.DateField(null=True)
    agreed_to_send_on = models.DateField(null=True, help_text="When the family agreed that its assessment is sent.")
    outcome = models.CharField(max_length=15, choices=Outcome, default=Outcome.WAITING)
    outcome_reason = models.TextField(max_length=2000, blank=True)
    outcome_at = models.DateTimeField(null=True)
    outcome_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    given_to = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        help_text="Who makes the first contact, when that isn’t for whoever runs the support.",
    )
    theirs = ArrayField(
        models.BigIntegerField(),
        default=list,
        db_default=[],
        help_text="The young people of the family who made it for themselves.",
    )
    not_told = ArrayField(
        models.BigIntegerField(),
        default=list,
        db_default=[],
        help_text="The people of the family who must not be told.",
    )

    class Meta:
        ordering = ["received_at", "pk"]
        indexes = [models.Index(fields=["locality", "outcome", "received_at"], name="request_waiting")]
        constraints = [
            models.CheckConstraint(
                condition=Q(submitted_at=None)
                | (Q(agreed_on__isnull=False) & ~Q(agreed_how=""))
                | Q(outcome="own_offer")
                | Q(who_asks="social_care"),
                name="submitted_with_agreement",
            ),
            models.CheckConstraint(condition=~Q(outcome="declined", outcome_reason=""), name="declined_with_reason"),
        ]

    def __str__(self) -> str:
        return self.reference

    def get_absolute_url(self) -> str:
        return f"/requests/{self.reference}/"

    @property
    def outcome_words(self) -> str:
        """The outcome, with the name that the front door has here."""
        if self.is_being_written:
            return "Not sent yet"
        if self.outcome == self.Outcome.FRONT_DOOR:
            return f"Passed to {procedure_in_force().words.front_door}"
        return str(self.Outcome(self.outcome).label)

    @property
    def is_assessment(self) -> bool:
        """Whether the family's assessment is the request, and nobody answered it yet."""
        return self.family_id is not None and self.outcome == self.Outcome.WAITING and not self.from_social_care

    @property
    def waits_since(self) -> datetime:
        """When the early help team got it: an assessment is sent later than the need was heard of."""
        return self.submitted_at if self.is_assessment and self.submitted_at else self.received_at

    @property
    def is_being_written(self) -> bool:
        return self.is_assessment and self.submitted_at is None

    @property
    def level(self) -> str:
        """The level of need, as the local procedure calls it, or called it when it had it."""
        return name_of("levels", self.level_of_need)

    @property
    def in_confidence(self) -> bool:
        """Whether a young person asked for themselves: who reads it follows what they share."""
        return self.who_asks == self.Asker.YOUNG_PERSON

    @property
    def from_social_care(self) -> bool:
        """Whether social care hands the family over: a step-down, with steps of its own."""
        return self.who_asks == self.Asker.SOCIAL_CARE

    @property
    def said(self) -> "RequestWords | None":
        """What was said in it, for who may read that."""
        return getattr(self, "words", None)


class RequestWords(models.Model):
    """What was said in a request, for who made it, who answers it, and then the family's own people: not for everyone who
    may know that there was one."""

    security = Policies(
        select="EXISTS (SELECT 1 FROM families_request WHERE families_request.id = families_requestwords.request_id"
        f" AND ({FRONT_DOOR} OR {FAMILYS}))",
        insert="EXISTS (SELECT 1 FROM families_request WHERE families_request.id = families_requestwords.request_id"
        f" AND {ASKED})",
    )

    request = models.OneToOneField(Request, on_delete=models.CASCADE, primary_key=True, related_name="words")
    what_for = models.TextField(max_length=4000)
    tried = models.TextField(max_length=4000, blank=True)
    asked_who = models.CharField(max_length=200, blank=True)
    agreed_by = models.CharField(max_length=200, blank=True)
    must_not_know = models.CharField(
        max_length=300, blank=True, help_text="Who must not be told of it, and why (ROT-21)."
    )
    no_parent = models.TextField(
        max_length=1000,
        blank=True,
        default="",
        db_default="",
        help_text="Whether a parent is involved where a young person asks for themselves, and if not, why not.",
    )
    talked_with = models.CharField(
        max_length=200,
        blank=True,
        default="",
        db_default="",
        help_text="Whom a practitioner talked with first (WOR-01).",
    )
    talked_agreed = models.CharField(
        max_length=10, blank=True, default="", db_default="", help_text="Whether the family agreed to that (WOR-03)."
    )
    agreed_to_send_by = models.CharField(max_length=200, blank=True, default="", db_default="")
    interpreter = models.CharField(max_length=100, blank=True, default="", db_default="")
    address = models.TextField(max_length=400, blank=True, default="", db_default="")
    new_because = models.TextField(
        max_length=2000, blank=True, help_text="Why it opened a new family, in spite of who is like it."
    )

    def __str__(self) -> str:
        return f"words of request {self.request_id}"

    @property
    def must_not_know_words(self) -> str:
        return f"Must not be told of this request: {self.must_not_know}"


class RequestPerson(models.Model):
    """Someone a request is about, as the asker knows them; becomes a person of the family when it is accepted. The
    family's people read there only of who isn't kept from them."""

    security = Policies(
        select="EXISTS (SELECT 1 FROM families_request WHERE families_request.id = families_requestperson.request_id"
        f" AND ({FRONT_DOOR} OR ({FAMILYS} AND (families_requestperson.person_id IS NULL"
        " OR EXISTS (SELECT 1 FROM families_person p WHERE p.id = families_requestperson.person_id)))))",
        insert="EXISTS (SELECT 1 FROM families_request r WHERE r.id = families_requestperson.request_id"
        f" AND r.asked_by_id = {ME})",
        update="EXISTS (SELECT 1 FROM families_request r WHERE r.id = families_requestperson.request_id"
        f" AND r.asked_by_id = {ME})",
    )

    class Kind(models.TextChoices):
        CHILD = "child", "Child or young person"
        ADULT = "adult", "Adult"
        UNBORN = "unborn", "Unborn child"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    request = models.ForeignKey(Request, on_delete=models.CASCADE, related_name="people")
    person = models.ForeignKey("families.Person", on_delete=models.CASCADE, null=True, related_name="+")
    position = models.PositiveSmallIntegerField(default=0)
    kind = models.CharField(max_length=10, choices=Kind)
    first_name = models.CharField(max_length=100)
    last_name = models.CharField(max_length=100, blank=True)
    date_of_birth = models.DateField(null=True, blank=True)
    born = models.CharField(max_length=10, default="exact")
    postcode = models.CharField(max_length=10, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    relationship = models.CharField(max_length=60, blank=True)

    class Meta:
        ordering = ["request", "position", "pk"]
        verbose_name_plural = "request people"

    def __str__(self) -> str:
        return f"person of request {self.request_id}"

    @property
    def born_words(self) -> str:
        """ "born 9 June 2017", "born about 2017", or "due 3 March 2027": as far as it is known."""
        if self.date_of_birth is None:
            return ""
        word = "due" if self.kind == self.Kind.UNBORN else "born"
        if self.born == Person.Born.YEAR:
            return f"{word} about {self.date_of_birth:%Y}"
        return (
            f"{word} {self.date_of_birth:%B %Y}"
            if self.born == Person.Born.MONTH
            else f"{word} {self.date_of_birth:%-d %B %Y}"
        )

    @property
    def name(self) -> str:
        if self.kind == self.Kind.UNBORN and not self.first_name:
            return unborn_name(self.date_of_birth)
        return f"{self.first_name} {self.last_name}".strip()


class RecordCheck(models.Model):
    """Who asked whether someone is already known, about whom: counted per person and day, never answered in detail."""

    security = Policies(select=f"families_recordcheck.user_id = {ME}", insert=f"families_recordcheck.user_id = {ME}")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=clock.now)
    about = models.CharField(max_length=200)
    date_of_birth = models.DateField(null=True)
    postcode = models.CharField(max_length=10, blank=True)
    may_be_known = models.BooleanField()

    class Meta:
        ordering = ["-at"]

    def __str__(self) -> str:
        return f"record check {self.pk}"
