"""TurnStay's webhook sample, on Flask.

The handler is the document's. Added to make it run: `mark_booking_as_paid`, which the document
calls and does not show, and a port. TurnStay signs nothing, and the sample keeps nothing by which
it could know a duplicate.
"""

import json
import os
import urllib.request

from flask import Flask, jsonify, request
from werkzeug.serving import make_server

DOWNSTREAM_URL = os.environ.get("DOWNSTREAM_URL")
app = Flask(__name__)


@app.route("/webhooks/turnstay", methods=["POST"])
def turnstay_webhook():
    event = request.get_json()
    if event["type"] == "merchant_of_record.payment_intent.succeeded":
        intent = event["data"]["object"]
        mark_booking_as_paid(
            reference=intent["merchant_reference"],
            amount=intent["billing_amount"],
        )
    return jsonify({"ok": True}), 200


def mark_booking_as_paid(reference, amount):
    if DOWNSTREAM_URL is None:
        return
    booking = urllib.request.Request(
        f"{DOWNSTREAM_URL}/bookings/paid",
        data=json.dumps({"reference": reference, "amount": amount}).encode(),
        headers={"content-type": "application/json"},
    )
    urllib.request.urlopen(booking, timeout=10).close()


server = make_server("127.0.0.1", int(os.environ.get("PORT", "0")), app, threaded=True)
print(f"listening on http://127.0.0.1:{server.port}/webhooks/turnstay", flush=True)
server.serve_forever()
