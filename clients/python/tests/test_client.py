"""What the Python client does beside the conformance cases."""

from __future__ import annotations

import asyncio
import json
import uuid
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from types import SimpleNamespace
from typing import Any

import pytest
from recording_server import RecordingServer

from stufio.modules.schedules.services.scheduler_service import scheduler_service
from stufio_schedules import AsyncSchedulesClient, SchedulesClient, SchedulesError, verify_webhook

CREATED = [{"answer": {"status": 201, "body": {"schedule_id": "a"}}}]
EVENT: dict[str, Any] = {"topic": "a", "entity_type": "b", "action": "c"}
AT = datetime(2027, 3, 1, 9, tzinfo=timezone(timedelta(hours=1)))


@pytest.fixture(scope="module")
def server() -> RecordingServer:
    return RecordingServer()


@pytest.fixture
def client(server: RecordingServer) -> Iterator[SchedulesClient]:
    with SchedulesClient(server.url, "a-key", retries=0) as client:
        yield client


@pytest.fixture
def environment(server: RecordingServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SCHEDULES_URL", server.url)
    monkeypatch.setenv("SCHEDULES_API_KEY", "a-key")


def test_datetimes_and_uuids_are_sent_as_text(server: RecordingServer, client: SchedulesClient) -> None:
    recording = server.start(CREATED)
    user = uuid.uuid4()
    assert client.schedule_event(**EVENT, scheduled_at=AT, payload={"user": user, "at": AT}) == "a"
    body = json.loads(recording.requests[0].body)
    assert body["execution_time"] == "2027-03-01T09:00:00+01:00"
    assert body["payload"] == {"user": str(user), "at": "2027-03-01T09:00:00+01:00"}


@pytest.mark.parametrize(
    ("payload", "error", "text"),
    [
        ({"at": datetime(2027, 3, 1)}, ValueError, "has no time zone"),
        ({"set": {1}}, TypeError, "set is not JSON"),
        ({"number": float("nan")}, ValueError, "not JSON compliant"),
    ],
)
def test_a_value_that_is_not_json_is_refused_before_the_call(
    server: RecordingServer, client: SchedulesClient, payload: Any, error: type[Exception], text: str
) -> None:
    recording = server.start([])
    with pytest.raises(error, match=text):
        client.schedules.create({"payload": payload})
    assert recording.requests == []


@pytest.mark.parametrize("schedule_id", ["", ".", "..", None])
def test_an_id_that_would_change_the_path_is_refused(client: SchedulesClient, schedule_id: Any) -> None:
    with pytest.raises(ValueError, match="^id: expected the id"):
        client.schedules.get(schedule_id)


@pytest.mark.parametrize(
    ("options", "text"),
    [
        ({"url": "schedules.example.org"}, "^url: expected an address"),
        ({"api_key": "a\nb"}, "^api_key: expected a key"),
        ({"retries": -1}, "^retries: expected 0 or more"),
        ({"timeout_seconds": 0}, "^timeout_seconds: expected more than 0"),
    ],
)
def test_an_invalid_option_is_refused(options: dict[str, Any], text: str) -> None:
    with pytest.raises(ValueError, match=text):
        SchedulesClient(**{"url": "http://127.0.0.1", "api_key": "a", **options})


def test_without_an_address_the_variable_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SCHEDULES_URL", raising=False)
    with pytest.raises(ValueError, match="SCHEDULES_URL is not set"):
        SchedulesClient()


def test_an_unreachable_installation_is_named() -> None:
    with SchedulesClient("http://127.0.0.1:9", "a", retries=1, retry_delay_seconds=0.001) as client:
        with pytest.raises(SchedulesError, match="http://127.0.0.1:9") as caught:
            client.get_stats()
    assert (caught.value.code, caught.value.status) == ("connection", None)


def test_a_cancelled_task_stops_its_call(server: RecordingServer) -> None:
    server.start([{"answer": {"failure": "silent"}}])

    async def run() -> None:
        async with AsyncSchedulesClient(server.url, "a-key") as client:
            await asyncio.wait_for(client.get_stats(), 0.1)

    with pytest.raises(asyncio.TimeoutError):
        asyncio.run(run())


def test_a_webhook_secret_that_is_not_base64_is_refused() -> None:
    with pytest.raises(ValueError, match="^secret: must be base64"):
        verify_webhook(b"", {}, "whsec_%")


@pytest.mark.usefixtures("environment")
def test_the_service_of_the_module_works_in_one_event_loop_after_another(server: RecordingServer) -> None:
    for _ in range(2):
        recording = server.start(CREATED)
        scheduled = scheduler_service.schedule_event("a", "b", "c", body={"n": 1}, scheduled_at=datetime(2027, 3, 1))
        assert asyncio.run(scheduled) == "a"
        assert json.loads(recording.requests[0].body)["scheduled_at"] == "2027-03-01T00:00:00+00:00"


@pytest.mark.usefixtures("environment")
@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        ({"event_def": SimpleNamespace(entity_type="a"), "payload": {}}, "^event_def: .* has no action"),
        ({**EVENT, "payload": [1]}, "^payload: expected a mapping, a dataclass or a pydantic model, got list"),
        ({**EVENT, "payload": {}, "body": "{}"}, "^body, payload: expected only one"),
    ],
)
def test_the_service_of_the_module_names_the_wrong_argument(arguments: dict[str, Any], text: str) -> None:
    with pytest.raises(TypeError, match=text):
        asyncio.run(scheduler_service.schedule_event(**arguments, cron_expression="0 9 * * *"))
