"""Each event is booked, and once."""

import concurrent.futures

from stage import event, fresh


class BookingOnce:
    def test_duplicates_are_acknowledged_and_booked_once(self):
        one = fresh()
        for age in [0, 0, 60, -60]:
            self.redeliver_until_acknowledged(event(one))
            self.assert_acknowledged(event(one, amount=9), age=age)
        self.assert_booked_once(one)
        self.assertEqual(len(self.downstream.of(one)), 1)

    def test_alike_is_not_the_same(self):
        one = fresh()
        alike = [one, one.upper(), one[:-1], one + "0", f" {one}", f"{one}\n", f"{one}é", f"{one}e\u0301"]
        odd = [f"{name}{fresh('')}" for name in ["constructor", "__proto__", "'; DROP TABLE events; --", "%00", "💶"]]
        for identity in alike + odd + ["constructor", "toString", "0"]:
            with self.subTest(identity):
                self.assert_acknowledged(event(identity))
                self.assert_booked_once(identity)

    def test_an_id_is_never_cut_at_a_nul(self):
        one = fresh()
        longer = f"{one}\0{one}"
        self.assert_acknowledged(event(one))
        if self.merchant.status(event(longer)) in (200, 202):
            self.assert_booked_once(longer)
        self.assert_booked_once(one)

    def test_events_of_one_object_in_any_order_are_all_booked(self):
        kinds = ["payment.refunded", "payment.succeeded", "payment.failed"]
        events = [(fresh(), kind) for kind in kinds]
        for identity, kind in events:
            self.assert_acknowledged(event(identity, kind, id="pay_shared"))
        for identity, _ in events:
            self.assert_booked_once(identity)

    def test_sixteen_copies_at_once_have_one_booking(self):
        one = fresh()
        self.downstream.plan(one, (0.3, 200))
        with concurrent.futures.ThreadPoolExecutor(16) as pool:
            answers = list(pool.map(lambda _: self.merchant.send(event(one)), range(16)))
        for status, headers, _ in answers:
            self.assertIn(status, (200, 202, 409))
            if status == 409:
                self.assertEqual(headers["retry-after"], "1")
        self.redeliver_until_acknowledged(event(one))
        self.assert_booked_once(one)
        self.assertEqual(len(self.downstream.of(one)), 1)

    def test_a_provider_that_hangs_up_before_the_answer_changes_nothing(self):
        one = fresh()
        self.downstream.plan(one, (0.3, 200))
        with self.merchant.connect() as connection:
            connection.sendall(self.merchant.head(event(one)) + event(one))
        self.assertTrue(self.downstream.wait_for(one))
        self.redeliver_until_acknowledged(event(one))
        self.assert_booked_once(one)
        self.assertEqual(len(self.downstream.of(one)), 1)
