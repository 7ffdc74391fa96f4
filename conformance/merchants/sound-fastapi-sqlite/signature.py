"""TurraTech's signature: `t=<Unix seconds>,v1=<hex HMAC-SHA256 of "t.body">`."""

import hashlib
import hmac
import re

TOLERANCE_SECS = 300


def is_signed(body: bytes, header: str, secret: str, now: float) -> bool:
    """Whether the header signs these very bytes with this secret, at a time close to `now` (Unix seconds)."""
    items = [item.partition("=") for item in header.split(",")]
    times = [value for name, _, value in items if name == "t"]
    macs = [value for name, _, value in items if name == "v1"]
    # Two times would leave open which of them is signed.
    if len(times) != 1 or not re.fullmatch("[1-9][0-9]{0,14}", times[0]):
        return False
    due = hmac.digest(secret.encode(), f"{times[0]}.".encode() + body, hashlib.sha256).hex()
    # Several while the secret is being replaced: one that matches is enough. Upper case and other letters match nothing,
    # and `compare_digest` takes bytes of any kind where it refuses text beyond ASCII.
    matches = [mac for mac in macs if hmac.compare_digest(mac.encode(), due.encode())]
    return bool(matches) and abs(int(now) - int(times[0])) <= TOLERANCE_SECS
