from __future__ import annotations

import os
from dataclasses import dataclass

from .errors import SchedulesError

DEFAULT_RETRIES = 4
DEFAULT_TIMEOUT_SECONDS = 15.0
DEFAULT_RETRY_DELAY_SECONDS = 0.25


@dataclass(frozen=True)
class Options:
    """Where and how a client calls. Raises ValueError for an invalid option. Does not check `retry_delay_seconds`."""

    url: str
    api_key: str
    #: The most repeats of a call.
    retries: int
    #: The longest time of one attempt.
    timeout_seconds: float
    #: The longest random pause before the first repeat. It doubles with each repeat, up to 30 s.
    retry_delay_seconds: float

    def __post_init__(self) -> None:
        if not self.url.startswith(("http://", "https://")):
            raise ValueError(f"url: expected an address such as https://schedules.example.org, got {self.url!r}")
        if not (self.api_key.isascii() and self.api_key.isprintable() and self.api_key.strip()):
            raise ValueError("api_key: expected a key of Settings > API keys; it has only printable ASCII characters")
        if self.retries < 0:
            raise ValueError(f"retries: expected 0 or more, got {self.retries}")
        if self.timeout_seconds <= 0:
            raise ValueError(f"timeout_seconds: expected more than 0, got {self.timeout_seconds}")

    def address_of(self, path: str) -> str:
        return self.url.rstrip("/") + path

    def headers(self) -> dict[str, str]:
        return {
            "accept": "application/json",
            "authorization": f"Bearer {self.api_key}",
            "user-agent": "stufio-schedules-python",
        }

    def timed_out(self, cause: BaseException | None) -> SchedulesError:
        error = SchedulesError("timeout", f"There was no answer within {self.timeout_seconds:g} s.")
        error.__cause__ = cause
        return error

    def not_connected(self, cause: BaseException) -> SchedulesError:
        error = SchedulesError("connection", f"Could not reach {self.url}: {cause or type(cause).__name__}")
        error.__cause__ = cause
        return error


def from_environment(value: str | None, name: str, option: str) -> str:
    """The value of an option, or of its environment variable. Raises ValueError if neither is given."""
    found = value if value is not None else os.environ.get(name, "")
    if not found:
        raise ValueError(f"{option}: is not given, and the environment variable {name} is not set")
    return found
