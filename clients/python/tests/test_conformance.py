"""Runs the cases of clients/conformance with both clients."""

from __future__ import annotations

import asyncio
import inspect
import json
from collections.abc import Callable, Iterator
from datetime import datetime, timezone
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from recording_server import Recording, RecordingServer, Request

from stufio_schedules import AsyncSchedulesClient, SchedulesClient, SchedulesError, verify_webhook

Json = dict[str, Any]
FOLDER = Path(__file__).parents[2] / "conformance"
MEMBERS = {"name", "client", "call", "arguments", "exchanges", "result", "error"}
REQUEST_MEMBERS = {"method", "path", "query", "idempotency_key", "if_match", "body"}
ANSWER_MEMBERS = {"status", "headers", "body", "text", "failure"}
ERROR_MEMBERS = {"code", "status", "message", "faults", "request_id", "problem"}


def _cases() -> Iterator[Any]:
    for file in sorted(FOLDER.glob("*.json")):
        for case in json.loads(file.read_text(encoding="utf-8"))["cases"]:
            yield pytest.param(case, id=f"{file.stem}: {case['name']}")


class ClientUnderTest:
    """A client whose connections are shared by all cases, because httpx takes long to load its certificates."""

    def run(self, case: Json, url: str) -> Any:
        raise NotImplementedError

    def close(self) -> None:
        raise NotImplementedError


class SyncClientUnderTest(ClientUnderTest):
    def __init__(self) -> None:
        self._http = httpx.Client()

    def run(self, case: Json, url: str) -> Any:
        found = _call(SchedulesClient(**_options(case, url), http=self._http), case)
        return list(found) if case["call"].endswith(".list") else found

    def close(self) -> None:
        self._http.close()


class AsyncClientUnderTest(ClientUnderTest):
    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._http = httpx.AsyncClient()

    def run(self, case: Json, url: str) -> Any:
        return self._loop.run_until_complete(self._run(case, url))

    async def _run(self, case: Json, url: str) -> Any:
        found = _call(AsyncSchedulesClient(**_options(case, url), http=self._http), case)
        if case["call"].endswith(".list"):
            return [item async for item in found]
        return await found if inspect.isawaitable(found) else found

    def close(self) -> None:
        self._loop.run_until_complete(self._http.aclose())
        self._loop.close()


@pytest.fixture(scope="module")
def server() -> RecordingServer:
    return RecordingServer()


@pytest.fixture(scope="module", params=[SyncClientUnderTest, AsyncClientUnderTest], ids=["sync", "async"])
def client(request: pytest.FixtureRequest) -> Iterator[ClientUnderTest]:
    client: ClientUnderTest = request.param()
    yield client
    client.close()


@pytest.mark.parametrize("case", list(_cases()))
def test_case(case: Json, client: ClientUnderTest, server: RecordingServer) -> None:
    _check_members(case)
    recording = server.start(case.get("exchanges", []))
    outcome = _outcome(lambda: client.run(case, server.url))
    _check_requests(case, recording)
    if "error" in case:
        assert outcome["error"] is not None, f"returned {outcome['result']!r}"
        assert {name: outcome["error"][name] for name in case["error"]} == case["error"]
    else:
        assert outcome["error"] is None
        assert _text(outcome["result"]) == _text(case["result"])


def _outcome(run: Callable[[], Any]) -> Json:
    try:
        return {"result": run(), "error": None}
    except SchedulesError as error:
        return {"result": None, "error": {name: getattr(error, name) for name in ERROR_MEMBERS}}


def _options(case: Json, url: str) -> Json:
    options = {"retries": 2, "timeout_ms": 5000, "retry_delay_ms": 1, "base_path": "", **case.get("client", {})}
    return {
        "url": url + options.pop("base_path"),
        "api_key": "conformance-key",
        "retries": options.pop("retries"),
        "timeout_seconds": options.pop("timeout_ms") / 1000,
        "retry_delay_seconds": options.pop("retry_delay_ms") / 1000,
        **options,
    }


def _call(client: Any, case: Json) -> Any:
    """A value, or an awaitable of the asynchronous client."""
    name, given = case["call"], dict(case["arguments"])
    if name == "verify_webhook":
        return verify_webhook(given.pop("body"), given.pop("headers"), given.pop("secret"), **given)
    if "timeout_ms" in given:
        given["timeout_seconds"] = given.pop("timeout_ms") / 1000
    owner, _, method = name.rpartition(".")
    target = getattr(client, owner) if owner else client
    positional = [given.pop(field) for field in ("id", "definition", "fields", "filter", "request") if field in given]
    if method == "first_page":
        return target.list(*positional, **given).first()
    return getattr(target, method)(*positional, **given)


def _check_members(case: Json) -> None:
    assert set(case) <= MEMBERS
    assert ("result" in case) != ("error" in case)
    assert set(case.get("error", {})) <= ERROR_MEMBERS
    for exchange in case.get("exchanges", []):
        assert set(exchange) <= {"request", "answer", "minimum_pause_ms"}
        assert set(exchange.get("request", {})) <= REQUEST_MEMBERS
        assert set(exchange["answer"]) <= ANSWER_MEMBERS


def _check_requests(case: Json, recording: Recording) -> None:
    expected: Json = {}
    for exchange, request in zip(recording.exchanges, recording.requests):
        expected = exchange.get("request", expected)
        _check_request(expected, request)
        assert request.pause * 1000 >= exchange.get("minimum_pause_ms", 0)
    assert len(recording.requests) == len(recording.exchanges)
    assert len({request.headers.get("idempotency-key") for request in recording.requests}) <= 1


def _check_request(expected: Json, request: Request) -> None:
    target = urlsplit(request.target)
    assert (request.method, target.path) == (expected["method"], expected["path"])
    query = {name: values if isinstance(values, list) else [values] for name, values in expected.get("query", {}).items()}
    assert parse_qs(target.query, keep_blank_values=True) == query
    assert request.headers["authorization"] == "Bearer conformance-key"
    assert request.headers.get("if-match") == expected.get("if_match")
    key = request.headers.get("idempotency-key")
    assert bool(key) if expected.get("idempotency_key") is True else key == expected.get("idempotency_key")
    if "body" not in expected:
        assert request.body == b""
        return
    assert request.headers["content-type"] == "application/json"
    body = json.loads(request.body)
    assert _text(body) == _text(_with_times(expected["body"], body))


def _with_times(expected: Any, actual: Any) -> Any:
    """Replaces `$seconds_from_now` by the actual time, if that is near."""
    if not isinstance(expected, dict) or not isinstance(actual, dict):
        return expected
    return {
        name: actual.get(name) if _is_near(value, actual.get(name)) else _with_times(value, actual.get(name))
        for name, value in expected.items()
    }


def _is_near(expected: Any, actual: Any) -> bool:
    if not isinstance(expected, dict) or "$seconds_from_now" not in expected:
        return False
    seconds = (datetime.fromisoformat(actual.replace("Z", "+00:00")) - datetime.now(timezone.utc)).total_seconds()
    return abs(seconds - float(expected["$seconds_from_now"])) <= 60


def _text(value: Any) -> str:
    """JSON in which 1 is not equal to True. A page of a list is an object."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, default=vars)
