"""The claim traces, replayed by the component."""

import unittest

from wasmtime.component import Variant

from component import Hookproof, Refused, read


class Claims(unittest.TestCase):
    def setUp(self):
        self.hookproof = Hookproof()

    def on(self, claim, method, *arguments):
        return self.hookproof.call("claims", f"[method]claim.{method}", claim, *arguments)

    def test_a_claim_goes_as_every_trace_says(self):
        self.replay(lambda claim: claim)

    def test_a_claim_that_is_saved_and_loaded_after_every_step_goes_as_every_trace_says(self):
        def restored(claim):
            text = self.on(claim, "save")
            claim.drop(self.hookproof.store)
            return self.hookproof.call("claims", "[static]claim.load", text)

        self.replay(restored)

    def test_what_no_claim_can_be_is_not_loaded(self):
        with self.assertRaises(Refused) as refused:
            self.hookproof.call("claims", "[static]claim.load", "{}")
        self.assertEqual("bad_state", refused.exception.code)

    def replay(self, restored):
        cases = read("idempotency/claims.json")["cases"]
        for case in cases:
            claim = self.hookproof.call("claims", "[constructor]claim")
            # A token is named when it is first given; the same name later is the same token.
            tokens = {}
            for number, step in enumerate(case["steps"], 1):
                claim = restored(claim)
                with self.subTest(case["id"], step=number):
                    self.assertEqual(step["gives"], self.play(claim, step, tokens))
        self.assertGreaterEqual(len(cases), 20)

    def play(self, claim, step, tokens):
        match step["do"]:
            case "claim":
                asked = step["owner"], step["at_millis"], step["lease_millis"], step["max"]
                answer = self.on(claim, "acquire", *asked)
                match answer:
                    case Variant(tag="acquired", payload=got):
                        name = next((name for name, known in tokens.items() if known == got.token), None)
                        if name is None:
                            self.assertTrue(all(known < got.token for known in tokens.values()))
                            name = step["gives"]["acquired"]
                            self.assertNotIn(name, tokens)
                            tokens[name] = got.token
                        return {"acquired": name, "attempt": got.attempt}
                    case Variant(tag="busy", payload=left):
                        return {"busy_millis": left}
                    case Variant(tag=word):
                        return word
            case "commit":
                told = step["at_millis"], step.get("keep_millis")
                return self.told(claim, "commit", tokens[step["token"]], *told)
            case "release":
                return self.told(claim, "release", tokens[step["token"]])

    def told(self, claim, method, *arguments):
        try:
            self.on(claim, method, *arguments)
        except Refused as refused:
            return refused.code
        return "ok"


if __name__ == "__main__":
    unittest.main()
