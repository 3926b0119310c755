from __future__ import annotations

from typing import ClassVar


class EventDefinition:
    """An event. A subclass names its entity type and its action, and its topic if it is not the default one."""

    name: ClassVar[str]
    entity_type: ClassVar[str]
    action: ClassVar[str]
    topic: ClassVar[str | None] = None


class UserCreatedEvent(EventDefinition):
    name = "user.created"
    entity_type = "user"
    action = "created"
