"""How often someone may try to sign in.

An account has TRIES in a WINDOW from anywhere, and as many from each device on which it had signed in before: whoever
tries passwords shuts out neither the council nor the person whose account it is. One client that tries many accounts is
stopped too, by its true address.
"""

import ipaddress
import uuid
from datetime import datetime, timedelta

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.core import signing
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import salted_hmac

from earlyhelp.accounts.models import SignInFailure, User
from earlyhelp.core import clock

TRIES, TRIES_OF_A_CLIENT = 5, 50
WINDOW = timedelta(minutes=5)
KEPT, SHOWN = timedelta(days=30), timedelta(days=7)
COOKIE, SALT = "device", "earlyhelp.accounts.device"
YEAR = timedelta(days=365)
USERS_OF_A_DEVICE = 30  # a shared computer in a staff room


def closed_until(request: HttpRequest, address: str) -> datetime | None:
    """From when on this account may be tried again from where the request comes; None when it may be now."""
    account, device = _account(address), device_of(request, address)
    if device:
        return _full(SignInFailure.objects.filter(account=account, device=device), TRIES)
    strangers = SignInFailure.objects.filter(device=None)
    limits = [
        _full(strangers.filter(account=account), TRIES),
        _full(strangers.filter(client=_client(request)), TRIES_OF_A_CLIENT),
    ]
    return max((until for until in limits if until), default=None)


def record_failure(request: HttpRequest, address: str) -> None:
    """Keep that a sign-in failed; what is older than a month goes."""
    SignInFailure.objects.filter(at__lt=clock.true_now() - KEPT).delete()
    SignInFailure.objects.create(
        account=_account(address),
        user=User.objects.filter(email__iexact=address).first(),
        client=_client(request),
        device=device_of(request, address),
    )


def forget_failures(user: User) -> None:
    """Whoever chose a new password by e-mail begins anew."""
    SignInFailure.objects.filter(account=_account(user.email)).delete()


def device_of(request: HttpRequest, address: str) -> uuid.UUID | None:
    """The device, when this account had signed in on it before."""
    device, accounts = _read(request)
    return device if _account(address) in accounts else None


def remember_device(request: HttpRequest, response: HttpResponse, user: User) -> None:
    """Whoever signed in here is known on this device for a year."""
    device, accounts = _read(request)
    account = _account(user.email)
    known = [account, *(one for one in accounts if one != account)][:USERS_OF_A_DEVICE]
    response.set_cookie(
        COOKIE,
        signing.dumps([str(device), known], salt=SALT),
        max_age=YEAR,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _client(request: HttpRequest) -> str:
    """Whom the request comes from; of IPv6 the network, which is one subscriber's."""
    address = ipaddress.ip_address(get_adapter().get_client_ip(request))
    return str(ipaddress.ip_network((address, 64), strict=False)) if address.version == 6 else str(address)


def _account(address: str) -> str:
    return salted_hmac(SALT, address.strip().lower(), algorithm="sha256").hexdigest()[:20]


def _read(request: HttpRequest) -> tuple[uuid.UUID, list[str]]:
    """The device's name for itself and the accounts that signed in on it; a new name and none where it has no cookie."""
    try:
        device, accounts = signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=YEAR)
        return uuid.UUID(device), accounts
    except signing.BadSignature:
        return uuid.uuid4(), []


def _full(failures: QuerySet[SignInFailure], tries: int) -> datetime | None:
    """When the earliest of the last `tries` failures leaves the window; None when there are fewer."""
    recent = failures.filter(at__gt=clock.true_now() - WINDOW).values_list("at", flat=True)[:tries]
    return recent[tries - 1] + WINDOW if len(recent) == tries else None
