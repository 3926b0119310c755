from __future__ import annotations

import time

from .errors import SchedulesError
from .types import Execution

_FIRST_PAUSE_SECONDS = 0.1
_MAX_PAUSE_SECONDS = 2.0


class Waiting:
    """Decides when to check again whether an execution has ended."""

    def __init__(self, execution_id: str, timeout_seconds: float) -> None:
        self._execution_id = execution_id
        self._ends_at = time.monotonic() + timeout_seconds
        self._next_pause = _FIRST_PAUSE_SECONDS

    @staticmethod
    def ended(execution: Execution) -> Execution | None:
        return None if execution["ended_at"] is None else execution

    @staticmethod
    def absent(error: SchedulesError) -> None:
        """Raises any error but `not_found`: a run that was just started may not be visible yet."""
        if error.code != "not_found":
            raise error

    def pause(self) -> float:
        """Seconds until the next check. Raises SchedulesError `timeout` if that is after the timeout."""
        pause = self._next_pause
        if time.monotonic() + pause > self._ends_at:
            raise SchedulesError("timeout", f"Execution {self._execution_id} has not ended in time.")
        self._next_pause = min(_MAX_PAUSE_SECONDS, pause * 1.5)
        return pause
