from __future__ import annotations

import time
from collections.abc import Mapping
from types import TracebackType
from typing import Any, TypeVar

import httpx

from . import _calls as calls
from ._answers import result_of
from ._calls import Call, Event, Missed
from ._options import (
    DEFAULT_RETRIES,
    DEFAULT_RETRY_DELAY_SECONDS,
    DEFAULT_TIMEOUT_SECONDS,
    Options,
    from_environment,
)
from ._retries import Answer, Retries
from ._waiting import Waiting
from .errors import SchedulesError
from .pages import Pages
from .types import (
    CreatedSchedule,
    Execution,
    ExecutionFilter,
    ExecutionRow,
    Instant,
    PreviewRequest,
    Schedule,
    ScheduleDefinition,
    ScheduleFilter,
    ScheduleListItem,
    SchedulePreview,
    StartedExecution,
    StartedReplay,
    Stats,
)

T = TypeVar("T")


class SchedulesClient:
    """A client of one installation. May be used by several threads.

    Failed calls raise SchedulesError. Arguments that cannot be sent raise ValueError or TypeError.
    """

    def __init__(
        self,
        url: str | None = None,
        api_key: str | None = None,
        *,
        retries: int = DEFAULT_RETRIES,
        timeout_seconds: float = DEFAULT_TIMEOUT_SECONDS,
        retry_delay_seconds: float = DEFAULT_RETRY_DELAY_SECONDS,
        http: httpx.Client | None = None,
    ) -> None:
        """`url` and `api_key` are by default the environment variables SCHEDULES_URL and SCHEDULES_API_KEY.

        `retries`: the most repeats of a call. `timeout_seconds`: the longest time of one attempt.
        `retry_delay_seconds`: the longest random pause before the first repeat; it doubles with each repeat, up to
        30 s. The time of a `Retry-After`, at most 30 s, is added to it.
        `http`: an httpx client of your own, for example with a proxy; `close` does not close it.
        """
        self._options = Options(
            from_environment(url, "SCHEDULES_URL", "url"),
            from_environment(api_key, "SCHEDULES_API_KEY", "api_key"),
            retries,
            timeout_seconds,
            retry_delay_seconds,
        )
        self._owns_http = http is None
        self._http = httpx.Client() if http is None else http
        self.schedules = Schedules(self)
        self.executions = Executions(self)

    def close(self) -> None:
        """Closes the connections."""
        if self._owns_http:
            self._http.close()

    def __enter__(self) -> SchedulesClient:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def schedule_event(
        self,
        *,
        topic: str,
        entity_type: str,
        action: str,
        scheduled_at: Instant,
        payload: Mapping[str, Any] | None = None,
        body: str | None = None,
        entity_id: str | None = None,
        correlation_id: str | None = None,
        headers: Mapping[str, str] | None = None,
        priority: int | None = None,
        idempotency_key: str | None = None,
    ) -> str:
        """Publishes an event at a time, and returns the id of its schedule."""
        event = Event(topic, entity_type, action, payload, body, entity_id, correlation_id, headers, priority)
        created = self.schedules.create(event.definition_at(scheduled_at), idempotency_key=idempotency_key)
        return created["schedule_id"]

    def publish_with_delay(
        self,
        *,
        topic: str,
        entity_type: str,
        action: str,
        delay_seconds: float,
        payload: Mapping[str, Any] | None = None,
        body: str | None = None,
        entity_id: str | None = None,
        correlation_id: str | None = None,
        headers: Mapping[str, str] | None = None,
        priority: int | None = None,
        idempotency_key: str | None = None,
    ) -> str:
        """Publishes an event after a delay, and returns the id of its schedule."""
        event = Event(topic, entity_type, action, payload, body, entity_id, correlation_id, headers, priority)
        created = self.schedules.create(event.definition_after(delay_seconds), idempotency_key=idempotency_key)
        return created["schedule_id"]

    def cancel_event(self, schedule_id: str, *, idempotency_key: str | None = None) -> bool:
        """Deletes the schedule of an event, so that a pending event is not published.

        Returns False if there is no such schedule.
        """
        try:
            self.schedules.delete(schedule_id, idempotency_key=idempotency_key)
        except SchedulesError as error:
            if error.code == "not_found":
                return False
            raise
        return True

    def get_stats(self) -> Stats:
        return self._send(calls.get_stats())

    def wait_for_execution(self, execution_id: str, *, timeout_seconds: float = 60.0) -> Execution:
        """Waits until an execution has ended, and returns it.

        Raises `timeout` if the next check would be after `timeout_seconds`.
        """
        waiting = Waiting(execution_id, timeout_seconds)
        while True:
            try:
                found = waiting.ended(self.executions.get(execution_id))
            except SchedulesError as error:
                found = waiting.absent(error)
            if found is not None:
                return found
            time.sleep(waiting.pause())

    def _send(self, call: Call[T]) -> T:
        retries = Retries(
            is_repeatable=call.is_repeatable,
            retries=self._options.retries,
            base_seconds=self._options.retry_delay_seconds,
        )
        content = call.content()
        while True:
            outcome = self._attempt(call, content)
            pause = retries.pause_after(outcome)
            if pause is None:
                return result_of(call, outcome)
            time.sleep(pause)

    def _attempt(self, call: Call[T], content: bytes | None) -> Answer | SchedulesError:
        options = self._options
        # httpx limits the time of each read, not that of the whole answer.
        ends_at = time.monotonic() + options.timeout_seconds
        try:
            with self._http.stream(
                call.method,
                options.address_of(call.path),
                params=call.params(),
                headers={**options.headers(), **call.headers()},
                content=content,
                timeout=options.timeout_seconds,
            ) as response:
                body = bytearray()
                for chunk in response.iter_bytes():
                    body += chunk
                    if time.monotonic() > ends_at:
                        return options.timed_out(None)
                return Answer(response.status_code, response.headers, bytes(body))
        except httpx.TimeoutException as cause:
            return options.timed_out(cause)
        except httpx.RequestError as cause:
            return options.not_connected(cause)


class Schedules:
    """`client.schedules`"""

    def __init__(self, client: SchedulesClient) -> None:
        self._client = client

    def create(self, definition: ScheduleDefinition, *, idempotency_key: str | None = None) -> CreatedSchedule:
        """Creates a schedule: once at `execution_time`, or by `cron_expression`.

        Repeats with the same `idempotency_key` within 24 hours change nothing. By default each call has a random key,
        for its own repeats.
        """
        return self._client._send(calls.create_schedule(definition, idempotency_key))

    def get(self, schedule_id: str) -> Schedule:
        return self._client._send(calls.get_schedule(schedule_id))

    def list(self, filter: ScheduleFilter | None = None) -> Pages[ScheduleListItem]:
        """All schedules that match the filter, in pages of `limit`."""
        return Pages(lambda cursor: self._client._send(calls.list_schedules(calls.with_cursor(filter, cursor))))

    def update(self, schedule_id: str, fields: ScheduleDefinition, *, if_version: int | None = None) -> Schedule:
        """Changes the given fields; None clears an optional one.

        With `if_version`, changes the schedule only if it still has this version; otherwise raises `version_stale`.
        """
        return self._client._send(calls.update_schedule(schedule_id, fields, if_version))

    def delete(
        self, schedule_id: str, *, if_version: int | None = None, idempotency_key: str | None = None
    ) -> None:
        """Deletes a schedule. Its history stays."""
        self._client._send(calls.delete_schedule(schedule_id, if_version, idempotency_key))

    def pause(
        self,
        schedule_id: str,
        *,
        note: str | None = None,
        until: Instant | None = None,
        idempotency_key: str | None = None,
    ) -> Schedule:
        """Pauses a schedule, until a time if `until` is given."""
        return self._client._send(calls.pause_schedule(schedule_id, note, until, idempotency_key))

    def resume(
        self, schedule_id: str, *, missed: Missed | None = None, idempotency_key: str | None = None
    ) -> Schedule:
        """Resumes a schedule.

        `missed`: which missed occurrences run; by default the schedule's own policy decides.
        """
        return self._client._send(calls.resume_schedule(schedule_id, missed, idempotency_key))

    def run_now(self, schedule_id: str, *, idempotency_key: str | None = None) -> StartedExecution:
        """Starts one run beside the plan."""
        return self._client._send(calls.run_schedule(schedule_id, idempotency_key))

    def preview(self, request: PreviewRequest) -> SchedulePreview:
        """The next occurrences of a cron expression. Saves nothing."""
        return self._client._send(calls.preview_schedule(request))


class Executions:
    """`client.executions`"""

    def __init__(self, client: SchedulesClient) -> None:
        self._client = client

    def list(self, filter: ExecutionFilter | None = None) -> Pages[ExecutionRow]:
        """The ended executions that match the filter, newest first or by `sort`, in pages of `limit`."""
        return Pages(lambda cursor: self._client._send(calls.list_executions(calls.with_cursor(filter, cursor))))

    def get(self, execution_id: str) -> Execution:
        return self._client._send(calls.get_execution(execution_id))

    def replay(
        self,
        execution_id: str,
        *,
        payload: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
        idempotency_key: str | None = None,
    ) -> StartedReplay:
        """Publishes an execution again, as it was or with another payload or other headers."""
        return self._client._send(calls.replay_execution(execution_id, payload, headers, idempotency_key))
