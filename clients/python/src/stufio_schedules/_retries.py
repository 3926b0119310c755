"""Which failed calls are repeated, and when. Has no input or output."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timezone
from email.utils import parsedate_to_datetime

from .errors import SchedulesError

_RETRIED = (429, 502, 503, 504)
_MAX_SECONDS = 30.0


@dataclass(frozen=True)
class Answer:
    status: int
    #: Names are found in any letter case.
    headers: Mapping[str, str]
    body: bytes


class Retries:
    """The repeats of one call.

    A call that is neither a GET nor has an `Idempotency-Key` is repeated only after a 429, because any other failed
    attempt may have changed something.
    """

    def __init__(self, *, is_repeatable: bool, retries: int, base_seconds: float) -> None:
        self._is_repeatable = is_repeatable
        self._left = retries
        self._ceiling = base_seconds

    def pause_after(self, outcome: Answer | SchedulesError) -> float | None:
        """Seconds until the next attempt; None if the outcome is final."""
        if self._left <= 0 or not self._is_retried(outcome):
            return None
        self._left -= 1
        # Full jitter, so that many clients do not return at once. The minimum is Retry-After, but at most 30 s.
        pause = _retry_after(outcome) + random.uniform(0, min(_MAX_SECONDS, self._ceiling))
        self._ceiling *= 2
        return pause

    def _is_retried(self, outcome: Answer | SchedulesError) -> bool:
        if isinstance(outcome, SchedulesError):
            return self._is_repeatable
        if not self._is_repeatable:
            return outcome.status == 429
        # A 409 with Retry-After says that an earlier attempt is still in progress.
        return outcome.status in _RETRIED or (outcome.status == 409 and "retry-after" in outcome.headers)


def _retry_after(outcome: Answer | SchedulesError) -> float:
    """`Retry-After` in seconds, from 0 to 30."""
    text = outcome.headers.get("retry-after", "") if isinstance(outcome, Answer) else ""
    return max(0.0, min(_MAX_SECONDS, _seconds_of(text)))


def _seconds_of(text: str) -> float:
    if text.isdecimal():
        return float(text)
    try:
        return (parsedate_to_datetime(text) - datetime.now(timezone.utc)).total_seconds()
    except (TypeError, ValueError):
        return 0.0
