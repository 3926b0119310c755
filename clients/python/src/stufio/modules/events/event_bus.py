from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta, timezone
from typing import Any

from stufio.modules.schedules.services.scheduler_service import scheduler_service


class EventBus:
    """The event bus of the Stufio module, as a client of Stufio Schedules."""

    async def publish(
        self,
        *,
        topic: str,
        entity_type: str,
        action: str,
        body: str | Mapping[str, Any] | None = None,
        payload: object | None = None,
        entity_id: str | None = None,
        correlation_id: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> str:
        """Publishes an event now, and returns the id of its schedule."""
        return await self.publish_with_delay(
            topic=topic,
            entity_type=entity_type,
            action=action,
            delay_seconds=0,
            body=body,
            payload=payload,
            entity_id=entity_id,
            correlation_id=correlation_id,
            headers=headers,
        )

    async def publish_with_delay(
        self,
        *,
        topic: str,
        entity_type: str,
        action: str,
        delay_seconds: float,
        body: str | Mapping[str, Any] | None = None,
        payload: object | None = None,
        entity_id: str | None = None,
        correlation_id: str | None = None,
        headers: Mapping[str, str] | None = None,
        priority: int | None = None,
    ) -> str:
        """Publishes an event after a delay, and returns the id of its schedule. `body` is JSON text or a mapping."""
        return await scheduler_service.schedule_event(
            topic=topic,
            entity_type=entity_type,
            action=action,
            body=body,
            payload=payload,
            scheduled_at=datetime.now(timezone.utc) + timedelta(seconds=delay_seconds),
            entity_id=entity_id,
            correlation_id=correlation_id,
            headers=headers,
            priority=priority,
        )


_event_bus = EventBus()


def get_event_bus() -> EventBus:
    return _event_bus
