"""Pages of the demonstration alone: sign in as someone by a click, and move the clock."""

from datetime import timedelta

from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.decorators import method_decorator
from django.views import View

from earlyhelp.accounts.models import User
from earlyhelp.core import clock
from earlyhelp.demo.personas import PERSONAS

STEPS = {"1": timedelta(hours=24), "3": timedelta(hours=72), "7": timedelta(days=7), "42": timedelta(weeks=6)}


@method_decorator(login_not_required, name="dispatch")
class Personas(View):
    def get(self, request: HttpRequest) -> HttpResponse:
        known = set(User.objects.values_list("email", flat=True))
        personas = [p for p in PERSONAS if p.email in known]
        return render(request, "demo/personas.html", {"personas": personas, "now": clock.now()})


@method_decorator(login_not_required, name="dispatch")
class SignIn(View):
    def post(self, request: HttpRequest) -> HttpResponse:
        emails = [p.email for p in PERSONAS]
        user = get_object_or_404(User, email=request.POST.get("email"), email__in=emails, is_active=True)
        login(request, user, backend="django.contrib.auth.backends.ModelBackend")
        return redirect("/")


@method_decorator(login_not_required, name="dispatch")
class MoveClock(View):
    """For trainers: every clock in the system runs ahead; sessions and the read log keep true time."""

    def post(self, request: HttpRequest) -> HttpResponse:
        step = STEPS.get(request.POST.get("by", ""))
        if step is None:
            clock.move(None)
            messages.success(request, "The clock keeps true time again.")
        else:
            moved = clock.moved_to()
            ahead = (moved - clock.true_now()) if moved else timedelta()
            clock.move(ahead + step)
            messages.success(request, "The clock is moved. Deadlines follow within a minute.")
        return redirect("demo:home")
