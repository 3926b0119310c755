"""An HTTP server on loopback that records requests and gives the answers of a conformance case."""

from __future__ import annotations

import json
import threading
import time
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Json = dict[str, Any]


@dataclass(frozen=True)
class Request:
    method: str
    target: str
    headers: dict[str, str]
    body: bytes
    #: Seconds since the previous answer.
    pause: float


@dataclass
class Recording:
    exchanges: list[Json]
    requests: list[Request] = field(default_factory=list)
    answered_at: float = field(default_factory=time.monotonic)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    recording = Recording([])


class RecordingServer:
    def __init__(self) -> None:
        self._server = _Server(("127.0.0.1", 0), _Handler)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    def start(self, exchanges: list[Json]) -> Recording:
        self._server.recording = Recording(exchanges)
        return self._server.recording


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # Headers and body in one packet: a second small one would wait for the acknowledgement of the first.
    wbufsize = -1
    server: _Server

    def log_message(self, format: str, *args: object) -> None:
        pass

    def _serve(self) -> None:
        recording = self.server.recording
        body = self.rfile.read(int(self.headers.get("content-length", "0")))
        headers = {name.lower(): value for name, value in self.headers.items()}
        pause = time.monotonic() - recording.answered_at
        recording.requests.append(Request(self.command, self.path, headers, body, pause))
        expected = len(recording.exchanges) >= len(recording.requests)
        answer = recording.exchanges[len(recording.requests) - 1]["answer"] if expected else {"status": 418}
        failure = answer.get("failure")
        if failure is None:
            self._answer(answer)
        elif failure in ("cut", "stalled"):
            self._answer_half()
        self.wfile.flush()
        recording.answered_at = time.monotonic()
        if failure in ("silent", "stalled"):
            self.rfile.read(1)  # Returns when the client closes the connection.
        if failure is not None:
            self.close_connection = True

    do_GET = do_POST = do_PATCH = do_PUT = do_DELETE = _serve

    def _answer(self, answer: Json) -> None:
        headers = {"content-type": "application/json" if "body" in answer else "text/html"}
        headers.update({name: _header_text(value) for name, value in answer.get("headers", {}).items()})
        text = json.dumps(answer["body"]) if "body" in answer else answer.get("text", "")
        content = text.encode()
        status = answer.get("status", 200)
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if status != 204:
            self.send_header("content-length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def _answer_half(self) -> None:
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", "100")
        self.end_headers()
        self.wfile.write(b'{"schedule_id": ')


def _header_text(value: Any) -> str:
    if isinstance(value, dict):
        at = datetime.now(timezone.utc) + timedelta(seconds=value["$http_date_in_seconds"])
        return format_datetime(at, usegmt=True)
    return str(value)
