"""Failures and crashes cost no booking and double none."""

import concurrent.futures
import urllib.parse

from stage import event, fresh


class Recovering:
    def test_a_downstream_that_fails_once_means_one_booking_in_the_end(self):
        one = fresh()
        self.downstream.plan(one, (0, 503))
        status = self.merchant.status(event(one))
        if self.acknowledges_first:
            self.assertEqual(status, 202)
        else:
            self.assertEqual(status, 500)
            self.settle()
            self.assertEqual(len(self.downstream.of(one)), 1)
            self.assert_acknowledged(event(one))
        self.assertTrue(self.downstream.wait_for(one, 2))
        self.assert_booked_once(one)
        self.assertEqual(len(self.downstream.of(one)), 2)

    def test_a_copy_acknowledged_while_the_first_fails_slowly_means_a_booking(self):
        one = fresh()
        self.downstream.plan(one, (1.5, 503), (0, 503))
        with concurrent.futures.ThreadPoolExecutor(1) as pool:
            first = pool.submit(self.merchant.status, event(one))
            self.assertTrue(self.downstream.wait_for(one))
            second = self.merchant.status(event(one))
        self.assertIn(second, (202, 409))
        self.assertEqual(first.result(), 202)
        self.assertTrue(self.downstream.wait_for(one, 3), self.merchant.said())
        self.assert_booked_once(one)

    def test_a_booking_whose_answer_was_lost_is_repeated_with_its_key(self):
        one = fresh()
        self.downstream.plan(one, (0, 0))
        self.redeliver_until_acknowledged(event(one))
        self.assertTrue(self.downstream.wait_for(one, 2))
        self.assert_booked_once(one)
        self.assertEqual([urllib.parse.unquote(call["key"]) for call in self.downstream.of(one)], [one, one])

    def test_a_killed_merchant_knows_what_it_has_booked(self):
        one = fresh()
        self.assert_acknowledged(event(one))
        self.assert_booked_once(one)
        self.merchant.kill()
        self.merchant.start()
        self.redeliver_until_acknowledged(event(one))
        self.assert_booked_once(one)
        self.assertLessEqual(len(self.downstream.of(one)), 2)

    def test_a_merchant_killed_while_it_books_finishes_when_it_is_back(self):
        acknowledged, asked = fresh(), fresh()
        self.downstream.plan(acknowledged, (3, 200))
        self.downstream.plan(asked, (3, 200))
        self.assertEqual(self.merchant.status(event(acknowledged)), 202)
        with self.merchant.connect() as connection:
            connection.sendall(self.merchant.head(event(asked)) + event(asked))
            self.assertTrue(self.downstream.wait_for(asked))
            self.merchant.kill()
        self.merchant.start()
        for one in [acknowledged, asked]:
            self.assertTrue(self.downstream.wait_for(one, 2), self.merchant.said())
            self.redeliver_until_acknowledged(event(one))
            self.assert_booked_once(one)

    def test_an_event_that_was_never_acknowledged_is_taken_at_its_next_delivery(self):
        one = fresh()
        self.downstream.plan(one, *[(0, 503)] * 2)
        first = self.merchant.status(event(one))
        self.merchant.kill()
        self.merchant.start()
        self.redeliver_until_acknowledged(event(one))
        self.assertIn(first, (202, 500))
        self.assertTrue(self.downstream.wait_for(one, 3))
        self.assert_booked_once(one)
