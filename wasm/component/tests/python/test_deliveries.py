"""The delivery traces and the published schedules, replayed by the component."""

import unittest

from wasmtime.component import Variant

from component import Hookproof, Refused, read, record


class Deliveries(unittest.TestCase):
    def setUp(self):
        self.hookproof = Hookproof()

    def on(self, delivery, method, *arguments):
        return self.hookproof.call("deliveries", f"[method]delivery.{method}", delivery, *arguments)

    def begun(self, due_millis, provider=None, delays_millis=(), time_limit_millis=None, acknowledgement=None):
        if provider:
            published = self.hookproof.call("deliveries", "schedule", provider)
            delays = published.retries.payload or []
            terms = (delays, getattr(published, "time-limit"), published.acknowledgement)
        else:
            rule = None if acknowledgement == "any-2xx" else acknowledgement
            terms = (list(delays_millis), time_limit_millis, rule)
        delays, limit, rule = terms
        given = record(delays=delays, time_limit=limit, acknowledgement=rule)
        return self.hookproof.call("deliveries", "[constructor]delivery", given, due_millis)

    def play(self, delivery, step):
        match step:
            case {"do": "next", "at_millis": now, "gives": due}:
                self.assertEqual(due, plain(self.on(delivery, "next", now)))
            case {"do": "record", "attempt": attempt, "at_millis": now, "outcome": outcome, "gives": due}:
                applied = self.on(delivery, "record", attempt, now, outcome_as(outcome))
                self.assertEqual(due == "applied", applied)
            case {"do": "resend"}:
                self.on(delivery, "resend")
            case {"do": "jitter", "per_mille": share}:
                self.on(delivery, "set-jitter", share)
            case _:
                self.fail(step)

    def test_a_delivery_goes_as_every_trace_says(self):
        cases = read("deliveries/traces.json")["cases"]
        for trace in cases:
            delivery = self.begun(**trace["delivery"])
            for number, step in enumerate(trace["steps"], 1):
                with self.subTest(trace["id"], step=number):
                    self.play(delivery, step)
            log = [
                (attempt.number, attempt.ended, plain_outcome(attempt.outcome), getattr(attempt, "by-hand"))
                for attempt in self.on(delivery, "log")
            ]
            due = [(entry["number"], entry["ended_millis"], entry["outcome"], entry["by_hand"]) for entry in trace["log"]]
            self.assertEqual(due, log, trace["id"])
        self.assertGreaterEqual(len(cases), 40)

    def test_a_delivery_that_is_saved_and_loaded_after_every_step_goes_as_every_trace_says(self):
        # JSON holds integers up to 2^53 - 1, so what lies beyond is not saved.
        cases = [trace for trace in read("deliveries/traces.json")["cases"] if not trace.get("beyond_doubles")]
        for trace in cases:
            delivery = self.begun(**trace["delivery"])
            for number, step in enumerate(trace["steps"], 1):
                text = self.on(delivery, "save")
                delivery.drop(self.hookproof.store)
                delivery = self.hookproof.call("deliveries", "[static]delivery.load", text)
                with self.subTest(trace["id"], step=number):
                    self.play(delivery, step)
        self.assertGreaterEqual(len(cases), 40)

    def test_what_no_delivery_can_be_is_not_loaded(self):
        with self.assertRaises(Refused) as refused:
            self.hookproof.call("deliveries", "[static]delivery.load", "{}")
        self.assertEqual("bad_state", refused.exception.code)


def plain(due):
    """What a trace writes for it."""
    match due:
        case Variant(tag="send", payload=send):
            return {"send": {"attempt": send.attempt, "deadline_millis": send.deadline}}
        case Variant(tag="wait", payload=until):
            return {"wait": {"until_millis": until}}
        case Variant(tag=done):
            return {"done": done}


def outcome_as(outcome):
    return Variant("answered", outcome) if isinstance(outcome, int) else Variant(outcome)


def plain_outcome(outcome):
    return outcome.payload if outcome.tag == "answered" else outcome.tag


if __name__ == "__main__":
    unittest.main()
