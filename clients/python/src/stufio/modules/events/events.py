from __future__ import annotations

from typing import ClassVar


class EventDefinition:
    """An event. A subclass sets its entity type and its action, and its topic unless it uses the default one."""

    name: ClassVar[str]
    entity_type: ClassVar[str]
    action: ClassVar[str]
    topic: ClassVar[str | None] = None


class UserCreatedEvent(EventDefinition):
    name = "user.created"
    entity_type = "user"
    action = "created"
