from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

from stufio_schedules import Instant, ScheduleDefinition, Stats

from ..connection import close_client, open_client
from ..definitions import aware, content_fields, event_fields


class SchedulerService:
    """The scheduler service of the Stufio module, as a client of Stufio Schedules.

    The installation at SCHEDULES_URL stores and fires the schedules. Failed calls raise
    `stufio_schedules.SchedulesError`.
    """

    async def start(self) -> None:
        """Checks that SCHEDULES_URL and SCHEDULES_API_KEY are set. Other calls connect on first use."""
        open_client()

    async def stop(self) -> None:
        """Closes the connections. Schedules go on: the installation fires them."""
        await close_client()

    async def schedule_event(
        self,
        topic: str | None = None,
        entity_type: str | None = None,
        action: str | None = None,
        body: str | Mapping[str, Any] | None = None,
        scheduled_at: Instant | None = None,
        entity_id: str | None = None,
        actor_type: str | None = None,
        actor_id: str | None = None,
        correlation_id: str | None = None,
        priority: int | None = None,
        max_retries: int | None = None,
        *,
        name: str | None = None,
        event_def: object | None = None,
        payload: object | None = None,
        cron_expression: str | None = None,
        execution_time: Instant | None = None,
        timezone: str | None = None,
        description: str | None = None,
        tags: Sequence[str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> str:
        """Schedules an event, and returns the id of its schedule.

        The event is given by `topic`, `entity_type` and `action`, or by `event_def`, which has attributes or keys of
        these names. Its time is `scheduled_at` or `execution_time` for one run, or `cron_expression` for recurring
        runs. A datetime without a time zone is UTC.
        """
        fields: dict[str, Any] = {
            "topic": topic,
            "entity_type": entity_type,
            "action": action,
            "entity_id": entity_id,
            "actor_type": actor_type,
            "actor_id": actor_id,
            "correlation_id": correlation_id,
            "priority": priority,
            "max_retries": max_retries,
            "name": name,
            "cron_expression": cron_expression,
            "scheduled_at": None if scheduled_at is None else aware(scheduled_at),
            "execution_time": None if execution_time is None else aware(execution_time),
            "timezone": timezone,
            "description": description,
            "tags": None if tags is None else list(tags),
            "headers": headers,
        }
        given = {field: value for field, value in fields.items() if value is not None}
        event = {} if event_def is None else event_fields(event_def)
        definition = cast(ScheduleDefinition, {**event, **given, **content_fields(body, payload)})
        created = await open_client().schedules.create(definition)
        return created["schedule_id"]

    async def cancel_event(self, schedule_id: str) -> bool:
        """Cancels an event. Returns False if there is no such schedule."""
        return await open_client().cancel_event(schedule_id)

    async def get_stats(self) -> Stats:
        return await open_client().get_stats()


scheduler_service = SchedulerService()
