"""What may be done with the family's word."""

from earlyhelp.access.actions import action
from earlyhelp.access.levels import Level
from families.policies import episode_open, runs

SEE_SHARING = action("consent.see", "See what the family agreed and shares", Level.VIEW)
RECORD = action("consent.record", "Record the family’s agreement and sharing", Level.BASIC, runs)
FILE_SCAN = action("consent.file_scan", "File the signed form", Level.LEAD, episode_open)
PRINT_FORM = action("consent.print", "Print the agreement form", Level.VIEW)
PRINT_BLANK = action("consent.print_blank", "Print a blank agreement form")
JUDGE = action("consent.judge", "Record a judgement of competence", Level.BASIC, runs)
OPEN_SIGNATURE = action("consent.open_signature", "Open a signature", Level.LEAD)
EXCLUDE = action("consent.exclude", "Keep someone named from the record", Level.LEAD, episode_open)
