"""Runs the Python blocks of the README, as they are printed, against the installation of SCHEDULES_URL."""

from __future__ import annotations

import ast
import asyncio
import base64
import hashlib
import hmac
import inspect
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from stufio_schedules import Schedule, SchedulesClient

README = Path(__file__).parents[1] / "README.md"
TOPICS = ["user.notifications", "subscription.renewal", "reports", "stufio.events"]


def _block(*words: str) -> str:
    """The only block that contains all these words."""
    blocks = re.findall(r"```python\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)
    [found] = [block for block in blocks if all(word in block for word in words)]
    return str(found)


def _run(block: str, **names: Any) -> dict[str, Any]:
    """Runs a block, which may await, and returns its variables."""
    variables = dict(names)
    code = compile(block, str(README), "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
    result = eval(code, variables)
    if inspect.iscoroutine(result):
        asyncio.run(_awaiting(result))
    return variables


async def _awaiting(result: Any) -> None:
    await result


@pytest.fixture
def client() -> Iterator[SchedulesClient]:
    """A client. Deletes the schedules that a test leaves, because other tests use the installation too."""
    with SchedulesClient() as client:
        before = {one["schedule_id"] for one in client.schedules.list({"topic": TOPICS})}
        yield client
        for one in client.schedules.list({"topic": TOPICS}):
            if one["schedule_id"] not in before:
                client.schedules.delete(one["schedule_id"])


def _created(client: SchedulesClient, **fields: Any) -> Schedule:
    """The newest schedule with these fields."""
    found = [
        one
        for one in client.schedules.list({"topic": TOPICS})
        if all(one[name] == value for name, value in fields.items())  # type: ignore[literal-required]
    ]
    return client.schedules.get(max(found, key=lambda one: one["created_at"])["schedule_id"])


def _seconds_until(text: str | None) -> float:
    assert text is not None
    return (datetime.fromisoformat(text.replace("Z", "+00:00")) - datetime.now(timezone.utc)).total_seconds()


def test_the_quick_start_publishes_after_half_an_hour(client: SchedulesClient) -> None:
    schedule_id = _run(_block("publish_with_delay", "SchedulesClient()"))["schedule_id"]
    assert _seconds_until(client.schedules.get(schedule_id)["execution_time"]) == pytest.approx(1800, abs=60)


def test_a_named_schedule_is_listed_paused_resumed_run_and_deleted(
    client: SchedulesClient, capsys: pytest.CaptureFixture[str]
) -> None:
    found = _run(_block("schedules.create", "run_now"), client=client)
    assert found["execution"]["status"] == "succeeded"
    assert "Daily report" in capsys.readouterr().out
    assert client.cancel_event(found["report"]["schedule_id"]) is False


def test_the_asyncio_client_lists(client: SchedulesClient, capsys: pytest.CaptureFixture[str]) -> None:
    event: dict[str, Any] = {"topic": "reports", "entity_type": "report", "action": "generate"}
    schedule_id = client.publish_with_delay(**event, delay_seconds=3600)
    _run(_block("async for"))
    assert schedule_id in capsys.readouterr().out


def test_an_invalid_cron_names_its_field(capsys: pytest.CaptureFixture[str]) -> None:
    _run(_block("except SchedulesError"))
    assert "cron_invalid [{'field': 'cron_expression'" in capsys.readouterr().out


def test_a_wrong_webhook_is_refused() -> None:
    timestamp = str(int(time.time()))
    digest = hmac.new(b"key", f"1.{timestamp}.body".encode(), hashlib.sha256).digest()
    signature = f"v1,{base64.b64encode(digest).decode()}"
    headers = {"Webhook-Id": "1", "Webhook-Timestamp": timestamp, "Webhook-Signature": signature}
    secret = f"whsec_{base64.b64encode(b'key').decode()}"
    block = _block("verify_webhook")
    _run(block, request=SimpleNamespace(body=b"body", headers=headers), secret=secret)
    with pytest.raises(PermissionError):
        _run(block, request=SimpleNamespace(body=b"another", headers=headers), secret=secret)


def test_the_first_example_of_the_module_schedules_both_events(client: SchedulesClient) -> None:
    found = _run(_block("renewal-456"))
    reminder = _created(client, correlation_id="reminder-123", topic="user.notifications")
    assert (reminder["entity_type"], reminder["action"]) == ("user", "send_reminder")
    assert reminder["payload"] == {"user_id": 123, "message": "Don't forget!"}
    assert _seconds_until(reminder["execution_time"]) == pytest.approx(1800, abs=60)
    assert reminder["tier"] == "redis"
    renewal = client.schedules.get(found["schedule_id"])
    assert (renewal["correlation_id"], renewal["payload"]) == ("renewal-456", {"subscription_id": 456})
    assert _seconds_until(renewal["execution_time"]) == pytest.approx(timedelta(days=30).total_seconds(), abs=60)
    assert renewal["tier"] == "clickhouse"

    cancelled = _block("cancel_event(schedule_id)")
    assert _run(cancelled, **_service(), schedule_id=found["schedule_id"])["cancelled"] is True
    assert _run(cancelled, **_service(), schedule_id=found["schedule_id"])["cancelled"] is False


def _service() -> dict[str, Any]:
    from stufio.modules.schedules.services.scheduler_service import scheduler_service

    return {"scheduler_service": scheduler_service}


def test_the_example_with_the_event_bus_publishes_after_half_an_hour(client: SchedulesClient) -> None:
    _run(_block("get_event_bus"))
    reminder = _created(client, correlation_id="reminder-123", topic="user.notifications")
    assert reminder["payload"] == {"user_id": 123}
    assert _seconds_until(reminder["execution_time"]) == pytest.approx(1800, abs=60)


@dataclass
class _Report:
    report_type: str
    user_id: str


@dataclass
class _Notification:
    message: str
    user_id: str


def test_the_programmatic_example_creates_named_schedules(client: SchedulesClient) -> None:
    from stufio.modules.events import EventDefinition

    class ReportGeneration(EventDefinition):
        name = "report.generate"
        entity_type = "report"
        action = "generate"

    class Notification(EventDefinition):
        name = "notification.send"
        entity_type = "notification"
        action = "send"
        topic = "user.notifications"

    _run(
        _block("SomeReportGenerationEvent"),
        SomeReportGenerationEvent=ReportGeneration,
        SomeReportGenerationEventPayload=_Report,
        NotificationEvent=Notification,
        NotificationEventPayload=_Notification,
    )
    report = _created(client, name="Daily User Report")
    assert (report["topic"], report["cron_expression"]) == ("stufio.events", "0 0 * * *")
    assert (report["entity_type"], report["action"]) == ("report", "generate")
    assert report["payload"] == {"report_type": "daily", "user_id": "user-1234"}
    assert (report["description"], sorted(report["tags"])) == ("Generate daily user report", ["reports", "users"])
    once = _created(client, name="One-time Notification")
    assert (once["topic"], once["entity_id"]) == ("user.notifications", "notification-1234")
    assert once["payload"] == {"message": "This is a one-time notification", "user_id": "user-1234"}
    assert _seconds_until(once["execution_time"]) == pytest.approx(3600, abs=60)


def test_the_tests_run_as_many_blocks_as_the_readme_has() -> None:
    blocks = re.findall(r"```python\n", README.read_text(encoding="utf-8"))
    calls = re.findall(r"_block\(\"", Path(__file__).read_text(encoding="utf-8"))
    assert len(calls) == len(blocks)
