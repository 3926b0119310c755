from __future__ import annotations

import asyncio
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
from .pages import AsyncPages
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


class AsyncSchedulesClient:
    """A client of one installation. For one event loop.

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
        http: httpx.AsyncClient | None = None,
    ) -> None:
        """`url` and `api_key` are by default the environment variables SCHEDULES_URL and SCHEDULES_API_KEY.

        `retries`: the most repeats of a call. `timeout_seconds`: the longest time of one attempt.
        `retry_delay_seconds`: the longest random pause before the first repeat; it doubles with each repeat, up to
        30 s. The time of a `Retry-After`, at most 30 s, is added to it.
        `http`: an httpx client of your own, for example with a proxy; `aclose` does not close it.
        """
        self._options = Options(
            from_environment(url, "SCHEDULES_URL", "url"),
            from_environment(api_key, "SCHEDULES_API_KEY", "api_key"),
            retries,
            timeout_seconds,
            retry_delay_seconds,
        )
        self._owns_http = http is None
        self._http = httpx.AsyncClient() if http is None else http
        self.schedules = AsyncSchedules(self)
        self.executions = AsyncExecutions(self)

    async def aclose(self) -> None:
        """Closes the connections."""
        if self._owns_http:
            await self._http.aclose()

    async def __aenter__(self) -> AsyncSchedulesClient:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    async def schedule_event(
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
        created = await self.schedules.create(event.definition_at(scheduled_at), idempotency_key=idempotency_key)
        return created["schedule_id"]

    async def publish_with_delay(
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
        created = await self.schedules.create(event.definition_after(delay_seconds), idempotency_key=idempotency_key)
        return created["schedule_id"]

    async def cancel_event(self, schedule_id: str, *, idempotency_key: str | None = None) -> bool:
        """Deletes the schedule of an event, so that a pending event is not published.

        Returns False if there is no such schedule.
        """
        try:
            await self.schedules.delete(schedule_id, idempotency_key=idempotency_key)
        except SchedulesError as error:
            if error.code == "not_found":
                return False
            raise
        return True

    async def get_stats(self) -> Stats:
        return await self._send(calls.get_stats())

    async def wait_for_execution(self, execution_id: str, *, timeout_seconds: float = 60.0) -> Execution:
        """Waits until an execution has ended, and returns it.

        Raises `timeout` if the next check would be after `timeout_seconds`.
        """
        waiting = Waiting(execution_id, timeout_seconds)
        while True:
            try:
                found = waiting.ended(await self.executions.get(execution_id))
            except SchedulesError as error:
                found = waiting.absent(error)
            if found is not None:
                return found
            await asyncio.sleep(waiting.pause())

    async def _send(self, call: Call[T]) -> T:
        retries = Retries(
            is_repeatable=call.is_repeatable,
            retries=self._options.retries,
            base_seconds=self._options.retry_delay_seconds,
        )
        content = call.content()
        while True:
            outcome = await self._attempt(call, content)
            pause = retries.pause_after(outcome)
            if pause is None:
                return result_of(call, outcome)
            await asyncio.sleep(pause)

    async def _attempt(self, call: Call[T], content: bytes | None) -> Answer | SchedulesError:
        options = self._options
        request = self._http.request(
            call.method,
            options.address_of(call.path),
            params=call.params(),
            headers={**options.headers(), **call.headers()},
            content=content,
            timeout=options.timeout_seconds,
        )
        try:
            # httpx limits the time of each read, not that of the whole answer.
            response = await asyncio.wait_for(request, options.timeout_seconds)
            return Answer(response.status_code, response.headers, response.content)
        except (asyncio.TimeoutError, httpx.TimeoutException) as cause:
            return options.timed_out(cause)
        except httpx.RequestError as cause:
            return options.not_connected(cause)


class AsyncSchedules:
    """`client.schedules`"""

    def __init__(self, client: AsyncSchedulesClient) -> None:
        self._client = client

    async def create(self, definition: ScheduleDefinition, *, idempotency_key: str | None = None) -> CreatedSchedule:
        """Creates a schedule: once at `execution_time`, or by `cron_expression`.

        Repeats with the same `idempotency_key` within 24 hours change nothing. By default each call has a random key,
        for its own repeats.
        """
        return await self._client._send(calls.create_schedule(definition, idempotency_key))

    async def get(self, schedule_id: str) -> Schedule:
        return await self._client._send(calls.get_schedule(schedule_id))

    def list(self, filter: ScheduleFilter | None = None) -> AsyncPages[ScheduleListItem]:
        """All schedules that match the filter, in pages of `limit`."""
        return AsyncPages(lambda cursor: self._client._send(calls.list_schedules(calls.with_cursor(filter, cursor))))

    async def update(self, schedule_id: str, fields: ScheduleDefinition, *, if_version: int | None = None) -> Schedule:
        """Changes the given fields; None clears an optional one.

        With `if_version`, changes the schedule only if it still has this version; otherwise raises `version_stale`.
        """
        return await self._client._send(calls.update_schedule(schedule_id, fields, if_version))

    async def delete(
        self, schedule_id: str, *, if_version: int | None = None, idempotency_key: str | None = None
    ) -> None:
        """Deletes a schedule. Its history stays."""
        await self._client._send(calls.delete_schedule(schedule_id, if_version, idempotency_key))

    async def pause(
        self,
        schedule_id: str,
        *,
        note: str | None = None,
        until: Instant | None = None,
        idempotency_key: str | None = None,
    ) -> Schedule:
        """Pauses a schedule, until a time if `until` is given."""
        return await self._client._send(calls.pause_schedule(schedule_id, note, until, idempotency_key))

    async def resume(
        self, schedule_id: str, *, missed: Missed | None = None, idempotency_key: str | None = None
    ) -> Schedule:
        """Resumes a schedule.

        `missed`: which missed occurrences run; by default the schedule's own policy decides.
        """
        return await self._client._send(calls.resume_schedule(schedule_id, missed, idempotency_key))

    async def run_now(self, schedule_id: str, *, idempotency_key: str | None = None) -> StartedExecution:
        """Starts one run beside the plan."""
        return await self._client._send(calls.run_schedule(schedule_id, idempotency_key))

    async def preview(self, request: PreviewRequest) -> SchedulePreview:
        """The next occurrences of a cron expression. Saves nothing."""
        return await self._client._send(calls.preview_schedule(request))


class AsyncExecutions:
    """`client.executions`"""

    def __init__(self, client: AsyncSchedulesClient) -> None:
        self._client = client

    def list(self, filter: ExecutionFilter | None = None) -> AsyncPages[ExecutionRow]:
        """The ended executions that match the filter, newest first or by `sort`, in pages of `limit`."""
        return AsyncPages(lambda cursor: self._client._send(calls.list_executions(calls.with_cursor(filter, cursor))))

    async def get(self, execution_id: str) -> Execution:
        return await self._client._send(calls.get_execution(execution_id))

    async def replay(
        self,
        execution_id: str,
        *,
        payload: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
        idempotency_key: str | None = None,
    ) -> StartedReplay:
        """Publishes an execution again, as it was or with another payload or other headers."""
        return await self._client._send(calls.replay_execution(execution_id, payload, headers, idempotency_key))
