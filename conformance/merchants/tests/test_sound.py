"""What the sound merchants promise, tried on each of them by itself: without the suite, so that the two can disagree.

`cargo xtask real-merchants` installs what the merchants need; then `python3 -m unittest` in this folder runs the tests.
"""

import os
import time
import unittest

from acknowledging import Acknowledging
from booking_once import BookingOnce
from recovering import Recovering
from refusing import Refusing
from stage import SOON, Downstream, Merchant, event, fresh

PYTHON = ".venv/Scripts/python.exe" if os.name == "nt" else ".venv/bin/python"


class Promises(Acknowledging, Refusing, BookingOnce, Recovering):
    """All of them, against one merchant that runs throughout."""

    folder: str
    command: list

    @classmethod
    def setUpClass(cls):
        cls.downstream = Downstream()
        cls.merchant = Merchant(cls.folder, cls.command, cls.downstream)

    @classmethod
    def tearDownClass(cls):
        cls.merchant.end()
        cls.downstream.shutdown()
        cls.downstream.server_close()

    def assert_acknowledged(self, body, *arguments, **changes):
        status = self.merchant.status(body, *arguments, **changes)
        self.assertIn(status, (200, 202), f"{body[:200]} {arguments} {changes}: {self.merchant.said()}")

    def assert_booked_once(self, identity):
        """One booking, seen; and no second one by the time at which a later event has had its own."""
        self.assertTrue(self.downstream.wait_for(identity), f"{identity}: {self.merchant.said()}")
        self.settle()
        self.assertEqual(self.downstream.booked(identity), 1, self.downstream.of(identity))

    def assert_not_booked(self, identity):
        self.settle()
        self.assertEqual(self.downstream.of(identity), [])

    def settle(self):
        later = fresh("evt_later_")
        self.assert_acknowledged(event(later))
        self.assertTrue(self.downstream.wait_for(later))

    def redeliver_until_acknowledged(self, body):
        deadline = time.monotonic() + SOON
        while (status := self.merchant.status(body)) not in (200, 202):
            self.assertIn(status, (409, 500), body)
            self.assertLess(time.monotonic(), deadline)
            time.sleep(0.1)


class ExpressWithSqlite(Promises, unittest.TestCase):
    folder = "sound-express-sqlite"
    command = ["node", "server.js"]
    acknowledges_first = False


class FastApiWithSqlite(Promises, unittest.TestCase):
    folder = "sound-fastapi-sqlite"
    command = [PYTHON, "server.py"]
    acknowledges_first = False


class DurableQueue(Promises, unittest.TestCase):
    folder = "sound-durable-queue"
    command = [PYTHON, "server.py"]
    acknowledges_first = True
