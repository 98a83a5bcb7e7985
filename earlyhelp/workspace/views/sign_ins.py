from datetime import datetime
from itertools import groupby
from typing import Any

from django.http import HttpRequest, HttpResponse

from earlyhelp.access.views import ActionView
from earlyhelp.accounts import sign_ins
from earlyhelp.accounts.models import SignInFailure, User
from earlyhelp.accounts.roles import home_agency
from earlyhelp.core import clock
from earlyhelp.workspace import policies


class FailedSignIns(ActionView):
    """Whose sign-ins failed in the last seven days, and which accounts wait now."""

    action = policies.SEE_FAILED_SIGN_INS
    template_name = "workspace/failed_sign_ins.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        since = clock.true_now() - sign_ins.SHOWN
        failures = SignInFailure.objects.filter(at__gt=since).select_related("user").order_by("account", "-at")
        rows = [_row(list(tries)) for _, tries in groupby(failures, key=lambda failure: failure.account)]
        unknown = [row for row in rows if row["user"] is None]
        return self.page(
            rows=sorted((row for row in rows if row["user"]), key=lambda row: row["last"], reverse=True),
            unknown=len(unknown),
            unknown_tries=sum(row["tries"] for row in unknown),
            minutes=int(sign_ins.WINDOW.total_seconds() // 60),
            limit=sign_ins.TRIES,
        )


def _row(tries: list[SignInFailure]) -> dict[str, Any]:
    user: User | None = tries[0].user
    return {
        "user": user,
        "agency": home_agency(user) if user else None,
        "tries": len(tries),
        "places": len({one.client for one in tries}),
        "last": tries[0].at,
        "waits_until": _waits_until([one.at for one in tries if one.device is None]),
    }


def _waits_until(times: list[datetime]) -> datetime | None:
    """When the account may be tried again from a new device; None when it may be now."""
    recent = [at for at in times if at > clock.true_now() - sign_ins.WINDOW][: sign_ins.TRIES]
    return recent[-1] + sign_ins.WINDOW if len(recent) == sign_ins.TRIES else None
