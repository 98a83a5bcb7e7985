from earlyhelp.accounts.models.agencies import Agency, Cover, District, Locality, Membership, Role, Team
from earlyhelp.accounts.models.closures import Closure
from earlyhelp.accounts.models.mails import PasswordMail
from earlyhelp.accounts.models.sign_ins import SignInFailure
from earlyhelp.accounts.models.users import User
from earlyhelp.accounts.models.works import WorksFor

__all__ = [
    "Agency",
    "Closure",
    "Cover",
    "District",
    "Locality",
    "Membership",
    "PasswordMail",
    "Role",
    "SignInFailure",
    "Team",
    "User",
    "WorksFor",
]
