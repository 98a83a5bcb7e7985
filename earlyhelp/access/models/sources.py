"""The accounts app lies below this one and doesn't know of grants: its sources are watched from here."""

import pgtrigger

from earlyhelp.access.triggers import refresh_on_change
from earlyhelp.accounts.models import Membership, User

WATCHED = (Membership, User)
pgtrigger.register(
    *refresh_on_change(
        "access_refresh_users",
        key="user_id",
        watch=("agency_id", "role", "locality_id", "supports_id", "ends_at"),
    )
)(Membership)
pgtrigger.register(*refresh_on_change("access_refresh_users", key="id", watch=("is_active",)))(User)
