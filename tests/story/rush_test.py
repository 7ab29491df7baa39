# SPDX-License-Identifier: Apache-2.0
"""A rush: mails come by SMTP as fast as they are taken while five agents answer over the API, all from the top of one
list, and customers write on meanwhile. Nothing that got a 250 is lost or filed twice, no request is answered twice over,
an answer that crossed a customer's new words is stopped, clocks and books are right. OKPAY_SOAK=1: 2,000 mails, real ones
among them where the shared data is there; else a few hundred."""
import collections
import datetime
import os
import pathlib
import queue
import random
import re
import shutil
import smtplib
import tempfile
import threading
import unittest

import house

MAILS = int(os.environ.get("OKPAY_MAILS", "2000" if os.environ.get("OKPAY_SOAK") else "240"))
FOLLOW_UPS = MAILS // 8  # on an answer, each of its own customer
WRITERS = 4
REAL = pathlib.Path(__file__).parents[3] / "shared/data/spamassassin"
TEXTS = [("Charged twice", "I was charged twice for one order yesterday, EUR 12.50 each. Please give one back."),
         ("Cannot sign in", "My account is locked since this morning and I need it today."),
         ("付款失败", "我付款失败，提示错误代码 E102，订单金额 88.00 元，请帮忙看看。"),
         ("Withdrawal", "My withdrawal of 300 EUR of last Monday has not arrived at my bank."),
         ("餘額提領", "我昨天提領的款項還沒有到帳，請問什麼時候會到？"),
         ("Strange payment", "There is a payment of 45 EUR that I did not make. Please stop this."),
         ("New address", "Please change my telephone number, I have a new one.")]


def moment(text):
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))


class Rush(unittest.TestCase):
    database = "sqlite"

    def setUp(self):
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix="okpay-rush-"))
        self.addCleanup(shutil.rmtree, self.directory, ignore_errors=True)
        self.data = self.directory / "data"
        sign_ins = house.demo(self.data, self.database, transactions=60, tickets=0, customers=6)
        self.sink = house.MailSink()
        self.addCleanup(self.sink.stop)
        self.serving = house.Serving(self.data, database=self.database, relay=self.sink.relay)
        self.addCleanup(self.serving.stop)
        at_the_desk = [one for one in sign_ins["staff"] if one["role"] in ("agent", "supervisor", "technical")]
        self.agents = [house.Staff(self.serving, one) for one in at_the_desk]
        self.assertEqual(len(self.agents), 5)
        self.random = random.Random(os.environ.get("TEST_SEED", "rush"))
        self.lock = threading.Lock()
        self.taken = {}     # mark of a mail that got its 250 -> the address that wrote it
        self.answers = {}   # mark of an answer that was accepted -> (request, version it was written for)
        self.stopped = collections.Counter()  # answers that were refused, by code
        self.faults = []
        self.all_written = threading.Event()

    def at_once(self, works):
        """Runs them beside one another; what one of them raises is a fault of the story."""
        def guarded(work):
            try:
                work()
            except Exception as fault:  # pylint: disable=broad-except
                self.faults.append(repr(fault))
        threads = [threading.Thread(target=guarded, args=(work,)) for work in works]
        for thread in threads:
            thread.start()
        return threads

    # --- the customers

    def write(self, smtp, sender, raw, mark):
        smtp.sendmail(sender, [f"support@{house.DOMAIN}"], raw)  # raises where there is no 250
        with self.lock:
            self.taken[mark] = sender

    def openers(self, numbers):
        host, port = self.serving.smtp.rsplit(":", 1)
        with smtplib.SMTP(host, int(port), timeout=120) as smtp:
            while True:
                try:
                    number = numbers.get_nowait()
                except queue.Empty:
                    return
                subject, text = TEXTS[number % len(TEXTS)]
                mark, sender = f"mark{number:05}x", f"w{number}@d{number % 97}.example.net"
                self.write(smtp, sender, house.eml(sender, f"{subject} {number}", f"{text}\n{mark}"), mark)

    def follow_ups(self):
        """Some of those who were answered write on: to the answer, so it is the same request."""
        host, port = self.serving.smtp.rsplit(":", 1)
        followed = set()
        while len(followed) < FOLLOW_UPS:
            house.eventually("another answer", lambda: len(self.answered_to()) > len(followed) or self.faults)
            self.assertEqual(self.faults, [])
            for sender, answer in self.answered_to().items():
                if sender in followed or len(followed) == FOLLOW_UPS:
                    continue
                followed.add(sender)
                mark = f"more{sender[1:sender.index('@')]}x"
                raw = house.eml(sender, f"Re: {answer['Subject']}", f"One more thing: it is urgent.\n{mark}",
                                headers={"In-Reply-To": answer["Message-ID"]})
                with smtplib.SMTP(host, int(port), timeout=120) as smtp:
                    self.write(smtp, sender, raw, mark)

    def answered_to(self):
        with self.sink.lock:
            return {recipients[0]: mail for recipients, mail in self.sink.mails if "answer" in str(mail.get_body())}

    # --- the agents

    def serve_list(self, agent, no):
        """From the top of the one list that all have before them, until nothing waits in it and nobody writes any more."""
        rng = random.Random(f"{no}")
        count = 0
        while True:
            ended = self.all_written.is_set()
            page = agent.ok("GET", "/api/v1/tickets?view=open&limit=10")["items"]
            if not page and ended:
                return
            if not page:
                house.eventually("work, or the end", lambda: self.all_written.is_set() or agent.ok(
                    "GET", "/api/v1/tickets?view=open&limit=1")["items"])
                continue
            number = rng.choice(page)["number"]
            ticket = agent.ok("GET", f"/api/v1/tickets/{number}")
            if ticket["state"] == "pending_customer":
                continue  # somebody was quicker, and it is seen
            version = ticket["version"]
            count += 1
            mark = f"answer{no}n{count:05}x"
            status, value, _ = agent.call("POST", f"/api/v1/tickets/{number}/replies", {
                "text": f"Dear customer, we look into it and write again soon. {mark}", "state_after": "pending_customer",
                "version": version, "figures": []})
            with self.lock:
                if status == 201:
                    self.answers[mark] = (number, version)
                else:
                    self.stopped[value["code"]] += 1

    # --- what is there at the end

    def tickets(self):
        found, cursor = [], ""
        while True:
            page = self.agents[0].ok("GET", f"/api/v1/tickets?view=all&limit=100{cursor}")
            found += [self.agents[0].ok("GET", f"/api/v1/tickets/{one['number']}") for one in page["items"]]
            if not page["next_cursor"]:
                return found
            cursor = f"&cursor={page['next_cursor']}"

    def books(self):
        sums, cursor = collections.Counter(), ""
        while True:
            page = self.boss.ok("GET", f"/api/v1/mail-books?limit=100{cursor}")
            for book in page["items"]:
                sums.update({name: count for name, count in book.items() if isinstance(count, int)})
            if not page["next_cursor"]:
                return sums
            cursor = f"&cursor={page['next_cursor']}"

    def real_mails(self):
        """Takes what the shared data has, as it is; how many."""
        paths = sorted(REAL.glob("*-ham-*/*.txt"))[:400] if os.environ.get("OKPAY_SOAK") else []
        raws = [path.read_bytes() for path in paths]
        host, port = self.serving.smtp.rsplit(":", 1)
        with smtplib.SMTP(host, int(port), timeout=120) as smtp:
            for number, raw in enumerate(raws):
                lines = re.sub(rb"\r?\n", b"\r\n", raw)
                smtp.sendmail(f"real{number}@example.com", [f"support@{house.DOMAIN}"], lines)
        return len(raws)

    def test_five_agents_and_a_flood_of_mail(self):
        self.boss = next(one for one in self.agents if one.sign_in_data["role"] == "supervisor")
        numbers = queue.Queue()
        for number in self.random.sample(range(MAILS - FOLLOW_UPS), MAILS - FOLLOW_UPS):
            numbers.put(number)
        real = []
        writing = self.at_once([lambda: self.openers(numbers)] * WRITERS +
                               [self.follow_ups, lambda: real.append(self.real_mails())])
        working = self.at_once([lambda agent=agent, no=no: self.serve_list(agent, no)
                                for no, agent in enumerate(self.agents)])
        for thread in writing:
            thread.join()
        house.eventually("all is read", lambda: self.books()["waiting"] == 0, 600)
        self.all_written.set()
        for thread in working:
            thread.join()
        self.assertEqual(self.faults, [])
        self.assertEqual(len(self.taken), MAILS)

        with self.subTest("no mail lost, none filed twice, each where it belongs"):
            tickets = self.tickets()
            request_of = {}
            for ticket in tickets:
                for message in ticket["messages"]:
                    for mark in set(re.findall(r"(?:mark|more)\d+x", message["body"])):
                        self.assertNotIn(mark, request_of)
                        request_of[mark] = ticket["number"]
            self.assertEqual(set(request_of), set(self.taken))
            for mark in self.taken:
                if mark.startswith("more"):
                    self.assertEqual(request_of[mark], request_of[f"mark{int(mark[4:-1]):05}x"], mark)

        with self.subTest("no answer twice, and each arrived once"):
            self.assertEqual(len(set(self.answers.values())), len(self.answers), "two answers to the same words")
            house.eventually("all answers are out", lambda: self.books()["queued"] == 0, 600)
            arrived = collections.Counter()
            with self.sink.lock:
                for _, mail in self.sink.mails:
                    arrived.update(set(re.findall(r"answer\dn\d{5}x", mail.get_body().get_content())))
            self.assertEqual(arrived, collections.Counter(self.answers.keys()))
            self.assertLessEqual(len(self.answers), MAILS, "nobody was answered more often than they wrote")
            self.assertLessEqual(set(self.stopped), {"ticket_changed"}, self.stopped)
            self.assertGreater(self.stopped["ticket_changed"], 0, "five at the top of one list never crossed")

        with self.subTest("clocks"):
            for ticket in tickets:
                due = moment(ticket["first_reply_due"]) - moment(ticket["opened_at"])
                self.assertEqual(due, datetime.timedelta(hours=24), ticket["number"])
                if ticket["state"] == "pending_customer":
                    self.assertIsNone(ticket["next_reply_due"], ticket["number"])
                    self.assertLess(moment(ticket["first_replied_at"]), moment(ticket["first_reply_due"]))

        with self.subTest("the books"):
            books = self.books()
            self.assertEqual(books["accepted"], MAILS + real[0], books)
            self.assertEqual(books["parsed"] + books["quarantined"] + books["duplicates"], books["accepted"], books)
            self.assertEqual((books["uncertain"], books["failed"], books["waiting"]), (0, 0, 0), books)
            self.assertEqual(self.serving.stop(), 0)
            house.verify(self.data, self.database)
        print(f"{MAILS} mails, {real[0]} real ones, {len(tickets)} requests, {len(self.answers)} answers, "
              f"{sum(self.stopped.values())} stopped", flush=True)


class RushOnPostgres(house.OnPostgres, Rush):
    pass


if __name__ == "__main__":
    unittest.main(verbosity=2)
