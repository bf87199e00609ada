"""An error of Cloud as text, so that whichever process met it, all can tell people of it."""

import json
from typing import Any

from app.errors import cloud

_FIELDS = ("message", "remedy", "request_id", "upstream_status")
_WAITING = (cloud.CloudTooBusy, cloud.CloudNotAsked)
_BY_CODE = {
    kind.code: kind
    for kind in vars(cloud).values()
    if isinstance(kind, type) and issubclass(kind, cloud.CloudError)
}


def dump_cloud_error(error: cloud.CloudError) -> str:
    """The error with everything that people are told."""
    values: dict[str, Any] = {name: getattr(error, name) for name in _FIELDS}
    if isinstance(error, _WAITING):
        values["retry_after_seconds"] = error.retry_after_seconds
    return json.dumps({"code": error.code, "is_cut_short": error.is_cut_short, **values})


def parse_cloud_error(text: str) -> cloud.CloudError:
    """The error that a text stands for; a plain one where a newer portal wrote another kind."""
    values = json.loads(text)
    kind = _BY_CODE.get(values["code"], cloud.CloudError)
    error = kind.__new__(kind)
    cloud.CloudError.__init__(error, **{name: values[name] for name in _FIELDS})
    error.is_cut_short = values["is_cut_short"]
    if isinstance(error, _WAITING):
        error.retry_after_seconds = values["retry_after_seconds"]
    return error
