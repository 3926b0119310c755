"""Turns the arguments of the Stufio module into the definition of a schedule."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from datetime import datetime, timezone
from typing import Any

from stufio_schedules import Instant


def aware(at: Instant) -> Instant:
    """Reads a datetime without a time zone as UTC, as `datetime.utcnow()` returns it."""
    return at.replace(tzinfo=timezone.utc) if isinstance(at, datetime) and at.tzinfo is None else at


def event_fields(event_def: object) -> dict[str, Any]:
    """The topic, entity type and action of an event definition: a class, an object or a mapping with these names.

    Raises TypeError if it lacks the entity type or the action.
    """
    if isinstance(event_def, Mapping):
        found = {name: event_def.get(name) for name in ("topic", "entity_type", "action")}
    else:
        found = {name: getattr(event_def, name, None) for name in ("topic", "entity_type", "action")}
    for name in ("entity_type", "action"):
        if not isinstance(found[name], str):
            raise TypeError(f"event_def: {event_def!r} has no {name}; expected a str")
    return {name: value for name, value in found.items() if value is not None}


def payload_fields(payload: object) -> dict[str, Any]:
    """The JSON object of a payload: a mapping, a dataclass, or a model of pydantic. Raises TypeError for another."""
    if isinstance(payload, Mapping):
        return dict(payload)
    if dataclasses.is_dataclass(payload) and not isinstance(payload, type):
        return dataclasses.asdict(payload)
    model_dump = getattr(payload, "model_dump", None)
    dumped = model_dump(mode="json") if callable(model_dump) else None
    if isinstance(dumped, dict):
        return dumped
    raise TypeError(f"payload: expected a mapping, a dataclass or a pydantic model, got {type(payload).__name__}")


def content_fields(body: str | Mapping[str, Any] | None, payload: object) -> dict[str, Any]:
    """`body` is the payload as JSON text or as a mapping.

    Raises TypeError if both are given, or if `payload_fields` refuses the payload.
    """
    if body is not None and payload is not None:
        raise TypeError("body, payload: expected only one of them")
    if isinstance(body, str):
        return {"body": body}
    content = payload if body is None else body
    return {} if content is None else {"payload": payload_fields(content)}
