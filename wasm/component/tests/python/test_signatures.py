"""The signature vectors, judged and signed by the component."""

import unittest

from component import Hookproof, Refused, decoded, headers, read, record, signed_by


def vectors():
    for construction in ("timestamped", "standard", "body"):
        file = read(f"signatures/{construction}.json")
        for vector in file["cases"]:
            yield vector | {"provider": signed_by(file["schemes"][vector["scheme"]])}


class Signatures(unittest.TestCase):
    def setUp(self):
        self.hookproof = Hookproof()

    def opened(self, provider, secrets, tolerance=300):
        terms = record(provider=provider, secrets=secrets, tolerance=tolerance)
        return self.hookproof.call("signatures", "[static]verifier.open", terms)

    def on(self, verifier, method, *arguments):
        return self.hookproof.call("signatures", f"[method]verifier.{method}", verifier, *arguments)

    def test_every_request_is_judged_as_its_vector_says(self):
        judged = 0
        for vector in vectors():
            with self.subTest(vector["id"]):
                body, now = decoded(vector["body_base64"]), vector["now_secs"]
                try:
                    tolerance = vector.get("tolerance_secs", 300)
                    verifier = self.opened(vector["provider"], vector["secrets"], tolerance)
                    signed_at = self.on(verifier, "verify", headers(vector["headers"]), body, now)
                    verifier.drop(self.hookproof.store)
                    self.assertEqual(("ok", vector.get("signed_at_secs")), (vector["result"], signed_at))
                except Refused as refused:
                    self.assertEqual(vector["result"], refused.code)
                    self.assertIn(refused.fault, ("verification", None))
            judged += 1
        self.assertGreaterEqual(judged, 300)

    def test_a_canonical_request_is_what_the_component_signs(self):
        signed = 0
        for vector in vectors():
            if "as-signed" not in vector["flags"]:
                continue
            with self.subTest(vector["id"]):
                verifier = self.opened(vector["provider"], vector["secrets"])
                name = dict(vector["headers"]).get("webhook-id", "")
                at = vector.get("signed_at_secs") or vector["now_secs"]
                found = self.on(verifier, "sign", name, decoded(vector["body_base64"]), at)
                self.assertEqual(headers(vector["headers"]), found)
            signed += 1
        self.assertGreaterEqual(signed, 30)

    def test_a_request_is_verified_and_read_in_one_call(self):
        verifier = self.opened("turratech", ["whsec_shop"])
        body = b'{"id":"evt_1","type":"payment.succeeded","created":1704067200,"data":{"object":{}}}'
        lines = self.on(verifier, "sign", "", body, 1_704_067_200)
        event = self.on(verifier, "receive", lines, body, 1_704_067_200)
        self.assertEqual(("evt_1", "payment.succeeded"), (event.id, event.kind))
        with self.assertRaises(Refused) as refused:
            self.on(verifier, "receive", lines, body, 1_704_067_501)
        self.assertEqual(("verification", "too_old"), (refused.exception.fault, refused.exception.code))

    def test_a_refused_request_is_diagnosed(self):
        provider, body, now = "turratech", b"{}", 1_704_067_200
        lines = self.on(self.opened(provider, ["whsec_old"]), "sign", "", body, now)
        suspect = {"provider": provider, "secret": "whsec_new", "headers": lines, "body": body, "now": now}
        given = record(**suspect, other_secrets=["whsec_other", "whsec_old"])
        diagnosis = self.hookproof.call("signatures", "diagnose", given)
        self.assertEqual([("other_secret", 1)], [(cause.code, cause.place) for cause in diagnosis])


if __name__ == "__main__":
    unittest.main()
