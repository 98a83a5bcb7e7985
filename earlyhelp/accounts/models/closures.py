from django.db import models


class Closure(models.Model):
    """A day on which the council is closed besides England's bank holidays: not a working day."""

    day = models.DateField(unique=True)
    name = models.CharField(max_length=100)

    class Meta:
        ordering = ["day"]

    def __str__(self) -> str:
        return self.name
