"""What a provider sends is acknowledged, whoever else is slow."""

import concurrent.futures
import time

from stage import event, fresh, signature, status_on


class Acknowledging:
    def test_an_ordinary_event_is_acknowledged_and_booked_once(self):
        one = fresh()
        self.assert_acknowledged(event(one))
        self.assert_booked_once(one)
        self.assertEqual(len(self.downstream.of(one)), 1)
        self.assertEqual(self.downstream.of(one)[0]["object"], f"pay_of_{one}")

    def test_what_a_provider_may_send_is_acknowledged_and_booked(self):
        for what, body_of, headers, changes in [
            ("new fields", lambda i: event(i, new={"deep": [1, None]}), {}, {}),
            ("unicode", lambda i: event(i, note="Zoë paid 20 € 💶"), {}, {}),
            ("unicode, not escaped", lambda i: event(i).replace(b'"eur"', '"Zoë 💶"'.encode()), {}, {}),
            ("an amount beyond 2^53", lambda i: event(i, amount=9007199254740993), {}, {}),
            ("white space and a newline", lambda i: b" \n" + event(i) + b"\r\n", {}, {}),
            ("an old event", lambda i: event(i).replace(b'"created": 1', b'"created": 0.1e1, "was": 1'), {}, {}),
            ("a charset", event, {"content-type": "application/json; charset=utf-8"}, {}),
            ("no content type", event, {"content-type": None}, {}),
            ("the header in capitals", event, {"turratech-signature": None}, {"in_capitals": True}),
            ("two signatures, the second right", event, {}, {"header": f"t={{t}},v1={'0' * 64},v1={{mac}}"}),
            ("another scheme beside", event, {}, {"header": "t={t},v2=abc,v1={mac},x"}),
            ("signed 290 s ago", event, {}, {"age": 290}),
            ("signed 290 s ahead", event, {}, {"age": -290}),
        ]:
            with self.subTest(what):
                one = fresh()
                body = body_of(one)
                if changes.pop("in_capitals", False):
                    headers = headers | {"TURRATECH-SIGNATURE": signature(body)}
                self.assert_acknowledged(body, headers, **changes)
                self.assert_booked_once(one)

    def test_a_chunked_body_and_one_in_pieces_are_acknowledged(self):
        for what, extra, pieces in [
            (
                "chunked",
                "Transfer-Encoding: chunked",
                lambda b: [b"5\r\n" + b[:5] + b"\r\n", b"%x\r\n%s\r\n0\r\n\r\n" % (len(b) - 5, b[5:])],
            ),
            ("split in a character", "", lambda b: [b[: b.index("ë".encode()) + 1], b[b.index("ë".encode()) + 1 :]]),
            ("dripped", "", lambda b: [b[n : n + 40] for n in range(0, len(b), 40)]),
        ]:
            with self.subTest(what), self.merchant.connect() as connection:
                one = fresh()
                body = event(one).replace(b'"eur"', '"Zoë"'.encode())
                connection.sendall(self.merchant.head(body, extra))
                for piece in pieces(body):
                    time.sleep(0.05)
                    connection.sendall(piece)
                self.assertIn(status_on(connection), (200, 202))
                self.assert_booked_once(one)

    def test_types_that_nobody_has_heard_of_are_acknowledged_without_a_booking(self):
        for kind in ["shop.unheard_of", "constructor", "__proto__", "Payment.Succeeded"]:
            one = fresh()
            self.assert_acknowledged(event(one, kind))
            self.assert_not_booked(one)

    def test_every_event_of_a_burst_is_acknowledged_and_booked_once(self):
        events = [fresh() for _ in range(200)]
        with concurrent.futures.ThreadPoolExecutor(200) as pool:
            answers = list(pool.map(lambda one: self.merchant.send(event(one)), events))
        self.assertEqual({status for status, _, _ in answers} - {200, 202}, set())
        for one in events:
            self.assertTrue(self.downstream.wait_for(one))
            self.assertEqual(len(self.downstream.of(one)), 1)

    def test_no_answer_waits_for_a_slow_downstream(self):
        one = fresh()
        self.downstream.plan(one, (8, 200))
        status, _, took = self.merchant.send(event(one))
        self.assertEqual(status, 202)
        self.assertLess(took, 6)
        self.assert_acknowledged(event(one))
        self.assert_booked_once(one)
        self.assertEqual(len(self.downstream.of(one)), 1)

    def test_half_sent_requests_keep_nobody_out(self):
        body = event(fresh())
        connections = [self.merchant.connect() for _ in range(150)]
        try:
            for number, connection in enumerate(connections):
                connection.sendall(self.merchant.head(body)[: 30 + 5 * number] + body[: number % 20 * (number > 60)])
            one = fresh()
            self.assert_acknowledged(event(one))
            self.assert_booked_once(one)
        finally:
            for connection in connections:
                connection.close()
