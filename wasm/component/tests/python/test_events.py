"""The event bodies and the idempotency keys, read by the component."""

import unittest

from component import Hookproof, Refused, decoded, headers, read


class Events(unittest.TestCase):
    def setUp(self):
        self.hookproof = Hookproof()

    def test_every_body_is_read_or_refused_as_its_case_says(self):
        cases = read("requests/bodies.json")["cases"]
        for case in cases:
            body = decoded(case["body_base64"])
            with self.subTest(case["id"]):
                try:
                    event = self.hookproof.call(
                        "events", "parse", case["provider"], headers(case["headers"]), body
                    )
                except Refused as refused:
                    self.assertEqual((case["result"], "event"), (refused.code, refused.fault))
                    continue
                self.assertEqual("ok", case["result"])
                if due := case.get("event"):
                    found = (event.id, event.kind, event.created)
                    self.assertEqual((due["id"], due["type"], due["created_secs"]), found)
                    found = body[event.object.start : event.object.end]
                    self.assertEqual(decoded(due["object_base64"]), found)
        self.assertGreaterEqual(len(cases), 80)

    def test_every_delivery_has_the_key_that_its_case_says(self):
        cases = read("idempotency/keys.json")["cases"]
        for case in cases:
            with self.subTest(case["id"]):
                given = case["provider"], case["endpoint"], headers(case["headers"])
                found = self.hookproof.call("events", "idempotency-key", *given, decoded(case["body_base64"]))
                self.assertEqual(case["key"], found)
        self.assertGreaterEqual(len(cases), 20)


if __name__ == "__main__":
    unittest.main()
