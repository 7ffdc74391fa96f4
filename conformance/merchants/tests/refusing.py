"""What the provider did not sign, or what is no event, has no effect."""

import json
import socket

from stage import event, fresh, signature, status_on


class Refusing:
    def test_forgeries_are_refused_and_suppress_nothing(self):
        one = fresh()
        body = event(one)
        far = 10**15
        for what, headers, changes in [
            ("no header", {"turratech-signature": None}, {}),
            ("another secret", {}, {"secret": "whsec_other"}),
            ("signed an hour ago", {}, {"age": 3600}),
            ("signed an hour ahead", {}, {"age": -3600}),
            ("signed 302 s ago", {}, {"age": 302}),
            ("signed another time", {}, {"header": "t={now}1,v1={mac}"}),
            ("two times", {}, {"header": "t={t},t={now},v1={mac}"}),
            ("no time", {}, {"header": "v1={mac}"}),
            ("another scheme", {}, {"header": "t={t},v0={mac}"}),
            ("short", {}, {"header": "t={t},v1={mac:.63}"}),
            ("long", {}, {"header": "t={t},v1={mac}0"}),
            ("empty", {}, {"header": "t={t},v1="}),
            ("beyond ASCII", {}, {"header": "t={t},v1=\u00e9"}),
            ("not a time", {}, {"header": "t=abc,v1={mac}"}),
            ("an endless time", {}, {"header": f"t={far}{far}{far},v1={{mac}}"}),
            ("commas", {}, {"header": ",,,=,=,,"}),
        ]:
            with self.subTest(what):
                self.assertIn(self.merchant.status(body, headers, **changes), (400, 401))
        changed = body.replace(b"4200", b"4201")
        self.assertIn(self.merchant.status(changed, {"turratech-signature": signature(body)}), (400, 401))
        self.assert_not_booked(one)
        self.assert_acknowledged(body)
        self.assert_booked_once(one)

    def test_other_methods_are_answered_405(self):
        for method in ["GET", "PUT", "DELETE", "PATCH"]:
            one = fresh()
            self.assertEqual(self.merchant.status(event(one), None, method), 405, method)
            self.assert_not_booked(one)

    def test_what_is_rightly_signed_but_no_event_is_refused(self):
        one = fresh()
        for body in [
            b"",
            b"null",
            b"[]",
            b"17",
            b'"text"',
            b"{}",
            event(one)[:-1],
            event(one) + b"{}",
            b"\xef\xbb\xbf" + event(one),
            event(one).decode().encode("utf-16"),
            event(one).replace(b"eur", b"\xff\xfe"),
            event(one).replace(b"4200", b"NaN"),
            event(one).replace(b'"type"', b'"kind"'),
            event(one).replace(b'"data"', b'"date"'),
            event(one).replace(b'"id": "evt', b'"ident": "evt', 1),
            event(one).replace(f'"{one}"'.encode(), b"17", 1),
            event("\ud800"),
            event(""),
            event("e" * 300),
            json.dumps({"id": one, "type": "payment.succeeded", "data": {"object": []}})[:-1].encode(),
        ]:
            with self.subTest(body[:80]):
                self.assertEqual(self.merchant.status(body), 400)
        self.assert_not_booked(one)

    def test_odd_bodies_are_answered_and_booked_at_most_once(self):
        for what, body_of in [
            ("deep nesting", lambda i: event(i).replace(b"4200", b"[" * 100_000 + b"]" * 100_000)),
            ("repeated keys", lambda i: event(i).replace(b'"object": "event"', f'"id": "{i}"'.encode())),
            ("NUL escapes", lambda i: event(i, note="a\0b")),
            ("a long number", lambda i: event(i).replace(b"4200", b"9" * 5000)),
        ]:
            with self.subTest(what):
                one = fresh()
                status = self.merchant.status(body_of(one))
                if status in (200, 202):
                    self.assert_booked_once(one)
                else:
                    self.assertEqual(status, 400)
                    self.assert_not_booked(one)

    def test_bodies_up_to_1_mb_are_taken_and_no_larger_ones(self):
        fits, large = fresh(), fresh()
        padding = (1 << 20) - len(event(fits, note=""))
        self.assert_acknowledged(event(fits, note="x" * padding))
        self.assert_booked_once(fits)
        body = event(large, note="x" * (1 << 20))
        for what, extra in [("with its length", ""), ("chunked", "Transfer-Encoding: chunked")]:
            with self.subTest(what), self.merchant.connect() as connection:
                connection.sendall(self.merchant.head(body, extra))
                try:
                    connection.sendall(b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body) if extra else body)
                    self.assertEqual(status_on(connection), 413)
                except (BrokenPipeError, ConnectionResetError):
                    # It closed without reading on.
                    pass
        self.assert_not_booked(large)

    def test_compressed_bodies_are_answered_415(self):
        for coding in ["gzip", "deflate", "br"]:
            one = fresh()
            self.assertEqual(self.merchant.status(event(one), {"content-encoding": coding}), 415)
            self.assert_not_booked(one)

    def test_broken_framing_is_not_acknowledged(self):
        for what, extra, end in [
            ("less than its length", "Content-Length: 5000", b""),
            ("a bad chunk", "Transfer-Encoding: chunked", b"xyz\r\n"),
            ("two lengths", "Content-Length: 5\r\nContent-Length: 6", b""),
            ("a length that is none", "Content-Length: +5", b""),
        ]:
            with self.subTest(what), self.merchant.connect() as connection:
                one = fresh()
                body = event(one)
                connection.sendall(self.merchant.head(body, extra) + (end or body))
                connection.shutdown(socket.SHUT_WR)
                connection.settimeout(1)
                try:
                    self.assertNotIn(status_on(connection), range(200, 300))
                except (TimeoutError, ConnectionResetError):
                    pass
                self.assert_not_booked(one)
