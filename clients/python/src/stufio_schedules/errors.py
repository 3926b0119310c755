from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .types import ErrorCode, FieldFault


class SchedulesError(Exception):
    """A failed call. The text is for people, `code` for programs.

    The client's own codes are `connection` and `timeout` for no answer, `timeout` also for `wait_for_execution`, and
    `unexpected_answer` for an answer that is not from the product, such as that of a proxy. A newer server may have
    codes that `ErrorCode` does not list.
    """

    code: ErrorCode
    #: The HTTP status; None without an answer.
    status: int | None
    #: The faults of single fields.
    faults: list[FieldFault]
    #: The id of the request in the log of the server.
    request_id: str | None
    #: The whole answer, with members that only some codes have, such as `current_version`.
    problem: Mapping[str, Any] | None

    def __init__(
        self,
        code: ErrorCode,
        message: str,
        *,
        status: int | None = None,
        problem: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(message)
        self.code = code
        self.status = status
        self.problem = problem
        faults = problem.get("errors") if problem is not None else None
        self.faults = faults if isinstance(faults, list) else []
        request_id = problem.get("request_id") if problem is not None else None
        self.request_id = request_id if isinstance(request_id, str) else None

    @property
    def message(self) -> str:
        return str(self)

    def __repr__(self) -> str:
        return f"SchedulesError(code={self.code!r}, status={self.status}, message={self.message!r})"
