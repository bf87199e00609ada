"""Every way the portal says no, with what to tell the person.

PortalError
|-- SettingsFault          settings cannot be used; the process must not start
|-- NotSignedIn            nobody is signed in, or the session has ended
|-- NotFound               does not exist, or this person may not know that it does
|-- ForeignOrigin          a browser sends the request for another site's page
|-- NotAllowed             known and seen, but the permission is missing
|-- NotYet                 the password was not looked at, and may be in a moment
|   |-- Throttled              too many attempts from here or for this name
|   `-- PortalBusy             as many passwords are being checked as may be at once
|-- CredentialsRefused     the check of a name and password gave no proven user
|-- ProviderRefused        the company's sign-in gave no proven person
|-- SignInRefused          a sign-in came to nothing, in words for the person
|   |-- WakeNeeded             only by waking an idle group can the password be checked
|   `-- NoComputeGroups        the person is known, but has nothing here
|-- NotPossible            the group is in no condition for what was asked
|-- ChangesFrozen          nobody may change anything at the moment
|-- BrokenRules            what was asked breaks one or more rules (each a Problem)
|-- ChangeConflict
|   |-- ChangeInFlight         another change of this group has no known outcome yet
|   |-- ConfigurationChanged   the group is no longer as it was when the draft was drawn
|   `-- DraftUnusable          the draft is used already or too old
|-- CloudError
|   |-- CloudUnreachable       the request was certainly not carried out
|   |-- CloudTooBusy           the request limit of the key is used up; certainly not carried out
|   |-- CloudNotAsked          the portal holds the request back; certainly not sent
|   |   `-- CloudDown              Cloud was asked in vain several times, and is left alone a while
|   |-- CloudRejected          Cloud said no (4xx); certainly not carried out
|   |   |-- CloudKeyRefused        Cloud refuses the portal's own key, now or a moment ago
|   |   `-- CloudNotFound          no such service, or not visible to the key
|   `-- CloudAnswerLost        sent, and no answer that tells the outcome
|-- StoreUnavailable       the portal's own records cannot be read or written
|-- LeaseLost              another process leads the jobs by now; nothing was written
|-- OutcomeNotRecorded     a change was sent, and how it ended could not be written down
`-- ScheduleNotPaused      a change was sent, and the pause that goes with it was not set

`message` says what happened, `remedy` what to do next; both are sentences for the person on
the page and for the caller of the JSON API. `code` is the stable name for programs.
"""

from app.errors.base import (
    BrokenRules,
    ChangesFrozen,
    ForeignOrigin,
    LeaseLost,
    NotAllowed,
    NotFound,
    NotPossible,
    PortalError,
    Problem,
    SettingsFault,
    StoreUnavailable,
)
from app.errors.changes import (
    ChangeConflict,
    ChangeInFlight,
    ConfigurationChanged,
    DraftUnusable,
    OutcomeNotRecorded,
    ScheduleNotPaused,
)
from app.errors.cloud import (
    CloudAnswerLost,
    CloudDown,
    CloudError,
    CloudKeyRefused,
    CloudNotAsked,
    CloudNotFound,
    CloudRejected,
    CloudTooBusy,
    CloudUnreachable,
)
from app.errors.cloud_text import dump_cloud_error, parse_cloud_error
from app.errors.sign_in import (
    NOTHING_RUNNING,
    CredentialRefusal,
    CredentialsRefused,
    NoComputeGroups,
    NotSignedIn,
    NotYet,
    PortalBusy,
    ProviderRefusal,
    ProviderRefused,
    SignInRefused,
    Throttled,
    WakeNeeded,
)

__all__ = [
    "NOTHING_RUNNING",
    "BrokenRules",
    "ChangeConflict",
    "ChangeInFlight",
    "ChangesFrozen",
    "CloudAnswerLost",
    "CloudDown",
    "CloudError",
    "CloudKeyRefused",
    "CloudNotAsked",
    "CloudNotFound",
    "CloudRejected",
    "CloudTooBusy",
    "CloudUnreachable",
    "ConfigurationChanged",
    "CredentialRefusal",
    "CredentialsRefused",
    "DraftUnusable",
    "ForeignOrigin",
    "LeaseLost",
    "NoComputeGroups",
    "NotAllowed",
    "NotFound",
    "NotPossible",
    "NotSignedIn",
    "NotYet",
    "OutcomeNotRecorded",
    "PortalBusy",
    "PortalError",
    "Problem",
    "ProviderRefusal",
    "ProviderRefused",
    "ScheduleNotPaused",
    "SettingsFault",
    "SignInRefused",
    "StoreUnavailable",
    "Throttled",
    "WakeNeeded",
    "dump_cloud_error",
    "parse_cloud_error",
]
