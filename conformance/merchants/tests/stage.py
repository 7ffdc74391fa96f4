"""A merchant's process, its downstream that does as it is told, and deliveries to it."""

import hashlib
import hmac
import http.client
import itertools
import json
import os
import re
import socket
import subprocess
import tempfile
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

SECRET = "whsec_test_of_the_sound_merchants"
MERCHANTS = Path(__file__).parents[1]
SOON = 20
numbers = itertools.count(1)


class Downstream(ThreadingHTTPServer):
    """Books what it is told to, and keeps the calls; an event can be given answers of its own."""

    daemon_threads = True
    request_queue_size = 256

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Booking)
        self.changed = threading.Condition()
        self.calls = []
        self.plans = {}
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def plan(self, event, *answers):
        """The next calls for this event wait so many seconds and get this status, or no answer for a status of 0."""
        with self.changed:
            self.plans[event] = list(answers)

    def of(self, event):
        with self.changed:
            return [call for call in self.calls if call["event"] == event]

    def booked(self, event):
        """How often the event was booked: calls with one key count once."""
        return len({call["key"] for call in self.of(event) if call["status"] in (0, 200)})

    def wait_for(self, event, calls=1, within=SOON):
        with self.changed:
            return self.changed.wait_for(lambda: len(self.of(event)) >= calls, within)

    def handle_error(self, *_):
        """A merchant that was killed has hung up."""


class Booking(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        event, server = body["event"], self.server
        with server.changed:
            delay, status = (server.plans.get(event) or [(0, 200)]).pop(0)
            server.calls.append(body | {"key": self.headers["idempotency-key"], "status": status})
            server.changed.notify_all()
        time.sleep(delay)
        if status == 0:
            self.close_connection = True
            return
        self.send_response(status)
        self.send_header("content-length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


class Merchant:
    """A merchant's process; `kill` and `start` keep its port and its database."""

    def __init__(self, folder, command, downstream):
        self.command = [str(MERCHANTS / folder / part) if part.startswith(".venv") else part for part in command]
        self.folder = MERCHANTS / folder
        self.scratch = tempfile.TemporaryDirectory()
        self.downstream = downstream
        self.port = 0
        self.start()

    def start(self):
        self.log = open(Path(self.scratch.name) / "log", "ab")
        environment = os.environ | {
            "DATABASE": str(Path(self.scratch.name) / "events.db"),
            "DOWNSTREAM_URL": f"http://127.0.0.1:{self.downstream.server_port}",
            "NODE_ENV": "production",
            "NO_PROXY": "127.0.0.1",
            "PORT": str(self.port),
            "WEBHOOK_SECRET": SECRET,
        }
        self.process = subprocess.Popen(
            self.command, cwd=self.folder, env=environment, stdout=subprocess.PIPE, stderr=self.log, text=True
        )
        line = self.process.stdout.readline()
        found = re.fullmatch(r"listening on http://127\.0\.0\.1:(\d+)(/\S*)\n", line)
        if not found:
            raise AssertionError(f"said {line!r}; {self.said()}")
        self.port, self.path = int(found[1]), found[2]

    def kill(self):
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()
        self.log.close()

    def end(self):
        self.kill()
        self.scratch.cleanup()

    def said(self):
        return (Path(self.scratch.name) / "log").read_text(errors="replace")[-2000:]

    def send(self, body, headers=None, method="POST", **changes):
        """Delivers once and gives the status, the headers and the seconds it took."""
        sent = {"content-type": "application/json", "turratech-signature": signature(body, **changes)}
        sent.update(headers or {})
        began = time.monotonic()
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=SOON)
        try:
            connection.request(method, self.path, body, {name: value for name, value in sent.items() if value})
            answer = connection.getresponse()
            answer.read()
            return answer.status, answer.headers, time.monotonic() - began
        finally:
            connection.close()

    def status(self, body, *arguments, **changes):
        return self.send(body, *arguments, **changes)[0]

    def head(self, body, extra="", length=None):
        """The beginning of a request, as bytes."""
        length = len(body) if length is None else length
        return (
            f"POST {self.path} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\nContent-Type: application/json\r\n"
            f"TurraTech-Signature: {signature(body)}\r\n{extra or f'Content-Length: {length}'}\r\n\r\n"
        ).encode()

    def connect(self):
        return socket.create_connection(("127.0.0.1", self.port), timeout=SOON)


def signature(body, secret=SECRET, age=0, header="t={t},v1={mac}"):
    t = int(time.time()) - age
    mac = hmac.new(secret.encode(), f"{t}.".encode() + body, hashlib.sha256).hexdigest()
    return header.format(t=t, mac=mac, now=int(time.time()))


def fresh(prefix="evt_"):
    return f"{prefix}{next(numbers)}_{os.getpid()}"


def event(identity, kind="payment.succeeded", **object_fields):
    thing = {"id": f"pay_of_{identity}", "object": "payment", "amount": 4200, "currency": "eur"} | object_fields
    envelope = {"id": identity, "object": "event", "type": kind, "created": int(time.time()), "livemode": False}
    return json.dumps(envelope | {"data": {"object": thing}}).encode()


def status_on(connection):
    answer = connection.makefile("rb").readline().split()
    return int(answer[1]) if len(answer) > 1 else None
