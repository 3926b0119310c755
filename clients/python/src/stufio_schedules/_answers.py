from __future__ import annotations

import json
from typing import Any, TypeVar, cast

from ._calls import Call
from ._retries import Answer
from .errors import SchedulesError
from .types import ErrorCode

T = TypeVar("T")


def result_of(call: Call[T], outcome: Answer | SchedulesError) -> T:
    """The body of a successful answer. Raises SchedulesError for any other outcome, or a body that is not an object."""
    if isinstance(outcome, SchedulesError):
        raise outcome
    body = _json_of(outcome.body)
    if not 200 <= outcome.status < 300:
        raise _error_of(outcome.status, body)
    if outcome.status != 204 and not isinstance(body, dict):
        raise SchedulesError(
            "unexpected_answer",
            f"The server answered {call.method} {call.path} with {outcome.status}, but without a JSON object.",
            status=outcome.status,
        )
    return cast(T, body)


def _json_of(text: bytes) -> object:
    """The JSON of an answer; None if the answer is not JSON, such as the page of a proxy."""
    try:
        return json.loads(text)
    except ValueError:
        return None


def _error_of(status: int, body: object) -> SchedulesError:
    problem: dict[str, Any] | None = body if isinstance(body, dict) else None
    code = problem.get("code") if problem is not None else None
    detail = problem.get("detail") if problem is not None else None
    return SchedulesError(
        cast(ErrorCode, code) if isinstance(code, str) else "unexpected_answer",
        detail if isinstance(detail, str) else f"The server answered {status} without an explanation.",
        status=status,
        problem=problem,
    )
