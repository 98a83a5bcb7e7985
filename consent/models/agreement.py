from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from consent.models.mistakes import Said
from consent.models.wording import Wording
from earlyhelp.access.levels import Level
from earlyhelp.access.models import FamilyRecord
from earlyhelp.access.rowsecurity import RowSecurity
from earlyhelp.access.triggers import Refresh
from families.models import Document, Episode, Person
from families.models.documents import stored_name


class Competence(Said):
    """A recorded judgement of whether a young person understands enough to decide for themselves (ROT-21). It goes before
    the local age. Rows are added; the latest of a person counts."""

    stands_at = "sharing"
    security = RowSecurity(read=Level.VIEW, write=Level.LEAD, person=("person_id",))

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="competence")
    competent = models.BooleanField()
    reasons = models.TextField(max_length=4000)
    judged_on = models.DateField()
    judged_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-pk"]
        verbose_name_plural = "judgements of competence"

    def __str__(self) -> str:
        return f"competence of {self.person_id}"


class Agreement(Said):
    """One person's decision to work with early help in one episode: when, how, to which wording, after what was
    explained, in which language, with whose help (DEV-05, ROT-15, ROT-16). Rows are added; the latest of a person
    counts, and what another person decided doesn't change it. One that `continues` another is the same decision, which ends
    sooner now: whoever made it died or left."""

    stands_at = "sharing"
    security = RowSecurity(read=Level.VIEW, write=Level.LEAD, person=("person_id",))
    refreshes = Refresh(
        "access_refresh_families",
        key="family_id",
        watch=("id", "episode_id", "person_id", "decision", "until", "mistake_id"),
    )

    class Decision(models.TextChoices):
        GIVEN = "given", "Agreed"
        REFUSED = "refused", "Did not agree"
        WITHDRAWN = "withdrawn", "Withdrew"

    class How(models.TextChoices):
        SIGNED = "signed", "Signed on paper"
        DRAWN = "drawn", "Signed on screen"
        TYPED = "typed", "Typed their name"
        VERBAL = "verbal", "Said so"

    class Explained(models.TextChoices):
        HELD = "held", "What we write down, and why"
        SEEN = "seen", "Who can see it, and that they choose"
        REFUSE = "refuse", "That they can say no, and what happens then"
        WITHDRAW = "withdraw", "That they can change their mind at any time"
        LIMITS = "limits", "When we must share all the same"

    episode = models.ForeignKey(Episode, on_delete=models.CASCADE, related_name="agreements")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="agreements")
    decision = models.CharField(max_length=10, choices=Decision)
    how = models.CharField(max_length=10, choices=How)
    decided_on = models.DateField()
    witness = models.CharField(max_length=150, blank=True)
    wording = models.ForeignKey(Wording, on_delete=models.PROTECT, null=True, related_name="+")
    procedure = models.ForeignKey("procedures.Version", on_delete=models.PROTECT, null=True, related_name="+")
    explained = ArrayField(models.CharField(max_length=20, choices=Explained), default=list, db_default=[], blank=True)
    language = models.CharField(max_length=80, blank=True, default="", db_default="")
    helped_by = models.CharField(max_length=150, blank=True, default="", db_default="")
    competence = models.ForeignKey(Competence, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    wishes = models.TextField(max_length=4000, blank=True)
    scan = models.ForeignKey(Document, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    until = models.DateTimeField(null=True, blank=True)
    continues = models.ForeignKey("self", on_delete=models.CASCADE, null=True, editable=False, related_name="+")

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(how="verbal", witness=""), name="verbal_agreement_has_witness"),
        ]

    def __str__(self) -> str:
        return f"agreement {self.pk}"


class Signature(FamilyRecord):
    """A name put under one wording of the form, drawn or typed on screen, watched by the practitioner. The team sees that
    it exists; who leads sees it."""

    security = RowSecurity(read=Level.LEAD, write=Level.LEAD, person=("person_id",))

    agreement = models.ForeignKey(Agreement, on_delete=models.CASCADE, related_name="signatures")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=150)
    image = models.FileField(upload_to=stored_name, max_length=200, blank=True)
    wording = models.ForeignKey(Wording, on_delete=models.PROTECT, related_name="+")
    signed_at = models.DateTimeField()
    watched_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"signature {self.pk}"
