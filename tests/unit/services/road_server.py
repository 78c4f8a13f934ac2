"""A local road server that speaks OSRM's JSON over real HTTP, and can be told to misbehave."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

METRES_A_DEGREE = 100_000.0
UPHILL = 1.5


class RoadServer(ThreadingHTTPServer):
    """Metres = 100 km a degree of longitude, 1.5 times that westwards; 10 m/s. Counts what it is asked.

    `fail_next`: HTTP codes of the next answers. `no_road_to`: longitudes no road leads to. `max_table`: as
    OSRM's --max-table-size. `wait_s`: seconds before each answer. `body`: sent instead of any answer.
    """

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answers)
        self.asked: list[str] = []
        self.fail_next: list[int] = []
        self.no_road_to: set[float] = set()
        self.max_table = 100
        self.wait_s = 0.0
        self.body: bytes | None = None

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def answer(self, path: str) -> tuple[int, dict]:
        """The JSON for one path, as OSRM words it."""
        parts = urlsplit(path)
        service, version, _, points = parts.path.strip("/").split("/")
        assert version == "v1"
        places = [tuple(float(part) for part in point.split(",")) for point in points.split(";")]
        query = {key: values[0] for key, values in parse_qs(parts.query).items()}
        if service == "route":
            line = [[lon, lat] for here in places for lon, lat in (here, (here[0] + 0.001, here[1]))]
            return 200, {"code": "Ok", "routes": [{"geometry": {"type": "LineString", "coordinates": line}}]}
        assert query["annotations"] == "duration,distance"
        rows = [places[int(number)] for number in query["sources"].split(";")]
        columns = [places[int(number)] for number in query["destinations"].split(";")]
        if len(rows) * len(columns) > self.max_table**2:
            return 400, {"code": "TooBig", "message": "Too many table coordinates"}
        metres = [[self._metres(a[0], b[0]) for b in columns] for a in rows]
        seconds = [[None if m is None else m / 10 for m in row] for row in metres]
        return 200, {"code": "Ok", "distances": metres, "durations": seconds}

    def _metres(self, here: float, there: float) -> float | None:
        if there in self.no_road_to and here != there:
            return None
        return METRES_A_DEGREE * abs(there - here) * (UPHILL if there < here else 1.0)


class _Answers(BaseHTTPRequestHandler):
    server: RoadServer

    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        time.sleep(self.server.wait_s)
        if self.server.fail_next:
            status, body = self.server.fail_next.pop(0), b""
        elif self.server.body is not None:
            status, body = 200, self.server.body
        else:
            status, answer = self.server.answer(self.path)
            body = json.dumps(answer).encode()
        try:
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
        except BrokenPipeError:
            return  # the client lost patience, which is what the test is about

    def log_message(self, *_: object) -> None:
        """Quiet."""


@contextmanager
def road_server() -> Iterator[RoadServer]:
    """A server on a free port for the length of the block."""
    server = RoadServer()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
