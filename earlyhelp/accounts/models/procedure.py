from collections.abc import Mapping
from typing import Any, ClassVar

from django.core.cache import cache
from django.db import models

from earlyhelp.core.versions import Versioned

CACHE_KEY = "local-procedure"


def default_levels() -> list[dict[str, str]]:
    return [
        {"code": "1", "name": "Level 1: Universal"},
        {"code": "2", "name": "Level 2: Early help"},
        {"code": "3", "name": "Level 3: Targeted early help"},
        {"code": "4", "name": "Level 4: Specialist"},
    ]


def default_agreement_ways() -> dict[str, list[str]]:
    """Which ways of agreeing count for which step; a step-down needs a signature (DEV-07)."""
    return {
        "early_help": ["signed", "drawn", "typed", "verbal"],
        "step_down": ["signed", "drawn", "typed"],
    }


def default_reasons_without_agreement() -> list[dict[str, str]]:
    """When information may be shared without agreement (ROT-17 to 19, domain 3.2)."""
    return [
        {"code": "child_harm", "name": "A child may be suffering, or be likely to suffer, significant harm"},
        {"code": "adult_harm", "name": "An adult may come to serious harm"},
        {"code": "serious_crime", "name": "To prevent, detect or prosecute a serious crime"},
        {"code": "enquiries", "name": "Waiting for the family’s word would harm enquiries"},
        {"code": "court_order", "name": "A court has ordered it"},
        {"code": "legal_duty", "name": "The law requires it"},
        {"code": "vital_interests", "name": "Someone’s life depends on it"},
    ]


def default_lawful_bases() -> list[dict[str, str]]:
    return [
        {"code": "public_task", "name": "Public task: it is needed for what the law asks us to do"},
        {"code": "legal_obligation", "name": "Legal obligation: the law says that we must"},
        {"code": "vital_interests", "name": "Vital interests: it protects someone’s life"},
        {"code": "legitimate_interest", "name": "Recognised legitimate interest: safeguarding"},
    ]


class LocalProcedure(Versioned):
    """One authority's words, numbers and ages (domain 1.6). The words of a page come from here, never from code."""

    authority_name = models.CharField(max_length=100, default="Your council")
    service_name = models.CharField(max_length=100, default="Early Help")
    lead_word = models.CharField(max_length=60, default="lead practitioner")
    agreement_word = models.CharField(max_length=60, default="agreement")
    agreement_form_name = models.CharField(max_length=120, default="Early Help agreement and information sharing form")
    request_name = models.CharField(max_length=60, default="request for support")
    locality_word = models.CharField(max_length=60, default="locality")
    front_door_name = models.CharField(max_length=100, default="the front door")
    safeguarding_name = models.CharField(max_length=100, default="Children’s front door")
    safeguarding_phone_day = models.CharField(max_length=40, blank=True)
    safeguarding_phone_night = models.CharField(max_length=40, blank=True)
    own_consent_age = models.PositiveSmallIntegerField(default=13)
    record_checks_a_day = models.PositiveSmallIntegerField(default=20)
    review_from_weeks = models.PositiveSmallIntegerField(default=4)
    levels_of_need = models.JSONField(default=default_levels)
    agreement_ways = models.JSONField(default=default_agreement_ways)
    agreement_expiring_days = models.PositiveSmallIntegerField(default=30, db_default=30)
    reasons_without_agreement = models.JSONField(default=default_reasons_without_agreement)
    lawful_bases = models.JSONField(default=default_lawful_bases)
    emergency_hours = models.PositiveSmallIntegerField(default=24, db_default=24)
    scan_size_limit_mb = models.PositiveSmallIntegerField(default=10)

    last_read: ClassVar["LocalProcedure | None"] = None

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="one_local_procedure")]

    def __str__(self) -> str:
        return self.authority_name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.pk = 1
        super().save(*args, **kwargs)
        cache.delete(CACHE_KEY)

    def save_version(self, version: int, said: Mapping[str, Any], **stamp: Any) -> bool:
        written = super().save_version(version, said, **stamp)
        cache.delete(CACHE_KEY)
        return written

    @classmethod
    def current(cls) -> "LocalProcedure":
        """The procedure in force; the defaults while nobody has set one."""
        procedure = cache.get(CACHE_KEY)
        if procedure is None:
            procedure = cls.objects.filter(pk=1).first() or cls(pk=1)
            cache.set(CACHE_KEY, procedure, timeout=60)
        cls.last_read = procedure
        return procedure

    @classmethod
    def last_known(cls) -> "LocalProcedure | None":
        """The procedure in force; when it can't be read, as this process read it last; None when it never did. For the
        pages that must work while nothing else does."""
        try:
            return cls.current()
        except Exception:  # cache and database may both be down, each in its own way
            return cls.last_read


class Closure(models.Model):
    """A day on which the council is closed besides England's bank holidays: not a working day."""

    day = models.DateField(unique=True)
    name = models.CharField(max_length=100)

    class Meta:
        ordering = ["day"]

    def __str__(self) -> str:
        return self.name
