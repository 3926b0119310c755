"""The HTTP calls of the client, without input or output, shared by the synchronous and the asynchronous client."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Any, Generic, Literal, TypeVar, cast
from urllib.parse import quote

from .types import (
    CreatedSchedule,
    Execution,
    ExecutionFilter,
    ExecutionList,
    Instant,
    PreviewRequest,
    Schedule,
    ScheduleDefinition,
    ScheduleFilter,
    ScheduleList,
    SchedulePreview,
    StartedExecution,
    StartedReplay,
    Stats,
)

T = TypeVar("T")
Filter = TypeVar("Filter", ScheduleFilter, ExecutionFilter)
Missed = Literal["none", "last", "all"]


@dataclass(frozen=True)
class Call(Generic[T]):
    """A request whose answer is a `T`. `body` is sent as JSON if it is not None."""

    method: str
    path: str
    query: Mapping[str, object] | None = None
    body: Mapping[str, object] | None = None
    idempotency_key: str | None = None
    if_version: int | None = None

    @property
    def is_repeatable(self) -> bool:
        """Whether a repeat changes nothing twice."""
        return self.method == "GET" or self.idempotency_key is not None

    def headers(self) -> dict[str, str]:
        headers = {}
        if self.body is not None:
            headers["content-type"] = "application/json"
        if self.idempotency_key is not None:
            headers["idempotency-key"] = self.idempotency_key
        if self.if_version is not None:
            headers["if-match"] = f'"{self.if_version}"'
        return headers

    def content(self) -> bytes | None:
        if self.body is None:
            return None
        text = json.dumps(self.body, ensure_ascii=False, allow_nan=False, separators=(",", ":"), default=_json_of)
        return text.encode()

    def params(self) -> list[tuple[str, str | int | float | bool | None]]:
        """The query; a list is a repeated parameter."""
        pairs: list[tuple[str, str | int | float | bool | None]] = []
        for name, value in (self.query or {}).items():
            values = value if isinstance(value, (list, tuple)) else [value]
            pairs.extend((name, _query_text(one)) for one in values if one is not None)
        return pairs


def _query_text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return iso(value) if isinstance(value, datetime) else str(value)


def _json_of(value: object) -> str:
    if isinstance(value, datetime):
        return iso(value)
    if isinstance(value, uuid.UUID):
        return str(value)
    raise TypeError(f"{type(value).__name__} is not JSON. Expected a dict, list, str, number, bool, None, datetime or UUID.")


def iso(at: datetime) -> str:
    """ISO 8601. Raises ValueError for a datetime without a time zone, because its time is ambiguous."""
    if at.tzinfo is None:
        raise ValueError(f"{at!r} has no time zone. Expected an aware datetime, such as datetime.now(timezone.utc).")
    return at.isoformat()


def _segment(schedule_or_execution_id: str) -> str:
    if not isinstance(schedule_or_execution_id, str) or schedule_or_execution_id in ("", ".", ".."):
        raise ValueError(f"id: expected the id of a schedule or an execution, got {schedule_or_execution_id!r}")
    return quote(schedule_or_execution_id, safe="")


def _key(idempotency_key: str | None) -> str:
    return str(uuid.uuid4()) if idempotency_key is None else idempotency_key


def _given(**fields: object) -> dict[str, object]:
    """The fields that are not None."""
    return {name: value for name, value in fields.items() if value is not None}


def create_schedule(definition: ScheduleDefinition, idempotency_key: str | None) -> Call[CreatedSchedule]:
    return Call("POST", "/admin/schedules", body=_body(definition), idempotency_key=_key(idempotency_key))


def get_schedule(schedule_id: str) -> Call[Schedule]:
    return Call("GET", f"/admin/schedules/{_segment(schedule_id)}")


def list_schedules(filter: ScheduleFilter) -> Call[ScheduleList]:
    return Call("GET", "/admin/schedules", query=_body(filter))


def with_cursor(filter: Filter | None, cursor: str | None) -> Filter:
    return cast(Filter, {**(filter or {}), **_given(cursor=cursor)})


def update_schedule(schedule_id: str, fields: ScheduleDefinition, if_version: int | None) -> Call[Schedule]:
    # The server refuses an Idempotency-Key here.
    return Call("PATCH", f"/admin/schedules/{_segment(schedule_id)}", body=_body(fields), if_version=if_version)


def delete_schedule(schedule_id: str, if_version: int | None, idempotency_key: str | None) -> Call[None]:
    path = f"/admin/schedules/{_segment(schedule_id)}"
    return Call("DELETE", path, if_version=if_version, idempotency_key=_key(idempotency_key))


def pause_schedule(
    schedule_id: str, note: str | None, until: Instant | None, idempotency_key: str | None
) -> Call[Schedule]:
    return _toggle(schedule_id, {"enabled": False, **_given(note=note, until=until)}, idempotency_key)


def resume_schedule(schedule_id: str, missed: Missed | None, idempotency_key: str | None) -> Call[Schedule]:
    return _toggle(schedule_id, {"enabled": True, **_given(missed=missed)}, idempotency_key)


def _toggle(schedule_id: str, body: Mapping[str, object], idempotency_key: str | None) -> Call[Schedule]:
    path = f"/admin/schedules/{_segment(schedule_id)}/toggle"
    return Call("POST", path, body=body, idempotency_key=_key(idempotency_key))


def run_schedule(schedule_id: str, idempotency_key: str | None) -> Call[StartedExecution]:
    path = f"/admin/schedules/{_segment(schedule_id)}/execute"
    return Call("POST", path, idempotency_key=_key(idempotency_key))


def preview_schedule(request: PreviewRequest) -> Call[SchedulePreview]:
    return Call("POST", "/admin/schedules/preview", body={"count": 10, **request})


def list_executions(filter: ExecutionFilter) -> Call[ExecutionList]:
    return Call("GET", "/admin/executions", query=_body(filter))


def get_execution(execution_id: str) -> Call[Execution]:
    return Call("GET", f"/admin/executions/{_segment(execution_id)}")


def replay_execution(
    execution_id: str,
    payload: Mapping[str, object] | None,
    headers: Mapping[str, str] | None,
    idempotency_key: str | None,
) -> Call[StartedReplay]:
    path = f"/admin/executions/{_segment(execution_id)}/replay"
    return Call("POST", path, body=_given(payload=payload, headers=headers), idempotency_key=_key(idempotency_key))


def get_stats() -> Call[Stats]:
    return Call("GET", "/api/v1/schedules/monitoring/stats")


def _body(fields: object) -> Mapping[str, object]:
    # A TypedDict is a dict at run time.
    return cast("Mapping[str, object]", fields)


@dataclass(frozen=True)
class Event:
    """An event that is published once. `payload` is a JSON object; `body` is one as text, sent unchanged."""

    topic: str
    entity_type: str
    action: str
    payload: Mapping[str, Any] | None = None
    body: str | None = None
    entity_id: str | None = None
    correlation_id: str | None = None
    headers: Mapping[str, str] | None = None
    priority: int | None = None

    def definition_at(self, execution_time: Instant) -> ScheduleDefinition:
        return cast(ScheduleDefinition, _given(**self.__dict__, execution_time=execution_time))

    def definition_after(self, delay_seconds: float) -> ScheduleDefinition:
        return self.definition_at(datetime.now(timezone.utc) + timedelta(seconds=delay_seconds))
