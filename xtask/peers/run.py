"""Judges every signature vector by the SDKs for Python, each called as its documentation says.

    python run.py FOLDER-OF-VECTORS

The lines are those of run.mjs.
"""

import base64
import json
import pathlib
import sys
import time
from datetime import datetime, timezone

import standardwebhooks.webhooks
import stripe
from standardwebhooks.webhooks import Webhook


class Clock(datetime):
    """The class of which `standardwebhooks` asks the time, standing still."""

    now_secs = 0

    @classmethod
    def now(cls, tz=None):
        return datetime.fromtimestamp(cls.now_secs, tz=tz or timezone.utc)


def by_stripe(body, headers, scheme, secret, tolerance):
    stripe.Webhook.construct_event(body, headers.get(scheme["header"]), secret, tolerance)


def by_standardwebhooks(body, headers, scheme, secret, tolerance):
    Webhook(secret).verify(body, headers)


PEERS = {
    "timestamped": {"stripe-python": by_stripe},
    "standard": {"standardwebhooks-python": by_standardwebhooks},
}


def judge(peer, scheme, vector):
    if not vector["secrets"]:
        return not_applicable("it is called with one secret at a time, and there is none")
    tolerance = vector.get("tolerance_secs", stripe.Webhook.DEFAULT_TOLERANCE) or 0
    body, headers = base64.b64decode(vector["body_base64"]), as_wsgi_has_them(vector["headers"])
    stop_clocks_at(vector["now_secs"])
    refusal = None
    for secret in vector["secrets"]:
        try:
            peer(body, headers, scheme, secret, tolerance)
            return {"verdict": "accepted"}
        except json.JSONDecodeError:
            # Only the JSON parser raises this, and it is reached behind the signature.
            return {"verdict": "accepted", "why": "and then the body is no JSON"}
        except Exception as error:
            why = f"{error}".split("\n")[0]
            refusal = refusal or {"verdict": "refused", "error": type(error).__name__, "why": why}
    return refusal


def as_wsgi_has_them(lines):
    """Names in one case, values of one name joined."""
    headers = {}
    for name, value in lines:
        name = name.lower()
        headers[name] = f"{headers[name]},{value}" if name in headers else value
    return headers


def stop_clocks_at(now_secs):
    Clock.now_secs = now_secs
    time.time = lambda: now_secs


def not_applicable(why):
    return {"verdict": "not_applicable", "why": why}


def main():
    standardwebhooks.webhooks.datetime = Clock
    folder = pathlib.Path(sys.argv[1])
    for file, peers in PEERS.items():
        vectors = json.loads((folder / f"{file}.json").read_text(encoding="utf-8"))
        for vector in vectors["cases"]:
            for name, peer in peers.items():
                judged = judge(peer, vectors["schemes"][vector["scheme"]], vector)
                print(json.dumps({"file": file, "case": vector["id"], "peer": name} | judged))


if __name__ == "__main__":
    main()
