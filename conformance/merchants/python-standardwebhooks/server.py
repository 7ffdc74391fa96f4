"""Python's own HTTP server and the `standardwebhooks` library.

The library verifies and parses. It offers no deduplication, so there is none; and as its
documentation shows, only `WebhookVerificationError` is caught.
"""

import json
import os
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from standardwebhooks.webhooks import Webhook, WebhookVerificationError

DOWNSTREAM_URL = os.environ.get("DOWNSTREAM_URL")
WEBHOOK = Webhook(os.environ["WEBHOOK_SECRET"])


class Endpoint(BaseHTTPRequestHandler):
    def do_POST(self):
        if self.path != "/webhooks":
            self.answer(404)
            return
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        try:
            event = WEBHOOK.verify(body, dict(self.headers))
        except WebhookVerificationError:
            self.answer(400)
            return
        if event["type"] == "contact.created":
            welcome(self.headers["webhook-id"])
        self.answer(204)

    def answer(self, status):
        self.send_response(status)
        self.end_headers()


def welcome(event):
    if DOWNSTREAM_URL is None:
        return
    request = urllib.request.Request(
        f"{DOWNSTREAM_URL}/welcome",
        data=json.dumps({"event": event}).encode(),
        headers={"content-type": "application/json"},
    )
    urllib.request.urlopen(request, timeout=10).close()


class Server(ThreadingHTTPServer):
    # The five of the standard library are fewer than a provider has connections; what finds no place waits a second.
    request_queue_size = 256


server = Server(("127.0.0.1", int(os.environ.get("PORT", "0"))), Endpoint)
print(f"listening on http://127.0.0.1:{server.server_port}/webhooks", flush=True)
server.serve_forever()
