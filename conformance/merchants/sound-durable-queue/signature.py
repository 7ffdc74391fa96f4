"""TurraTech's signature: `t=<Unix seconds>,v1=<hex HMAC-SHA256 of "t.body">`."""

import hmac
import string

TOLERANCE_SECS = 300


class Refused(Exception):
    """The request is not the provider's, or not of now."""


def verify(body: bytes, header: str, secret: str, now: float):
    """Refuses bytes that the header does not sign with this secret at a time close to `now` (Unix seconds)."""
    signed_at, candidates = parse(header)
    right = hmac.new(secret.encode(), signed_at.encode() + b"." + body, "sha256").hexdigest().encode()
    # Several while the secret is being replaced. All are compared, each in constant time.
    if not sum(hmac.compare_digest(candidate.encode(), right) for candidate in candidates):
        raise Refused("no signature matches")
    if abs(int(now) - int(signed_at)) > TOLERANCE_SECS:
        raise Refused("signed too long ago, or in the future")


def parse(header: str) -> tuple[str, list[str]]:
    """The one time, and the signatures of the scheme that we trust."""
    pairs = [item.split("=", 1) for item in header.split(",") if "=" in item]
    times = [value for key, value in pairs if key == "t"]
    if len(times) != 1:
        raise Refused("not one time")
    # Not `isdigit`, for which digits of any script are digits.
    if not 0 < len(times[0]) <= 15 or times[0].strip(string.digits) or times[0].startswith("0"):
        raise Refused("the time is not a number")
    return times[0], [value for key, value in pairs if key == "v1"]
