"""The parts of the Stufio module for events that schedules need, on top of `stufio_schedules`."""

from .event_bus import EventBus, get_event_bus
from .events import EventDefinition

__all__ = ["EventBus", "EventDefinition", "get_event_bus"]
