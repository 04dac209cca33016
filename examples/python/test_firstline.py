"""The package does what the library does: python -m unittest"""

import gc
import runpy
import tempfile
import unittest
import unittest.mock
from concurrent.futures import ThreadPoolExecutor
from contextlib import redirect_stdout
from datetime import datetime, timedelta, timezone
from io import StringIO
from pathlib import Path

import firstline
import firstline._library
from firstline import AuthorError, CallerError, Desk, OperatorError

HERE = Path(__file__).parent
RULES = (HERE / "../../crates/firstline-ffi/tests/story.toml").resolve().read_text()
MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=timezone.utc)
HOUR = timedelta(hours=1)
BOB = {"agent": 1}


def desk(folder=None, **options):
    made = Desk(folder, RULES, now=MONDAY, **options)
    made.save_contact(1, "Ada")
    made.save_agent(1, "Bob")
    return made


class Story(unittest.TestCase):
    def test_the_whole_quickstart(self):
        with desk() as northwind:
            article = northwind.publish("The printer does not print", "Turn it off and on again.")
            self.assertEqual(northwind.search("my printers are not printing")[0].article, article)
            ticket = northwind.open_ticket(1, "Printer", "It prints nothing.", kind="incident")
            self.assertEqual((ticket.number, ticket.status), (1, "new"))
            self.assertEqual(ticket.due, MONDAY + 4 * HOUR)
            self.assertEqual(northwind.suggest(1)[0].article, article)
            self.assertEqual(northwind.poll_timeout(), MONDAY + 3 * HOUR)

            woken = northwind.handle_timeout(MONDAY + 4.5 * HOUR)
            self.assertEqual(woken.tickets, 1)
            (delivery,) = northwind.effects(MONDAY + 5 * HOUR)
            self.assertEqual((delivery.kind, delivery.ticket), ({"notify": {"role": "lead"}}, 1))
            self.assertEqual(northwind.acknowledge(delivery), 1)
            self.assertEqual(northwind.effects(MONDAY + 5 * HOUR), [])

            northwind.set_time(MONDAY + 6 * HOUR)
            northwind.reply(1, "Here I am.", actor=BOB)
            northwind.resolve(1, actor=BOB)
            account = northwind.explain(1)
            self.assertTrue(account["is_missed"])
            self.assertIn("First reply: missed", account["text"])
            self.assertIn("Первый ответ", northwind.explain(1, language="ru")["text"])
            self.assertEqual(northwind.brief(1)["doing"], {"kind": "resolved"})
            self.assertEqual(list(northwind.tickets("status:unsolved")), [])
            self.assertEqual(northwind.verify()["records"], len(northwind.records()))

    def test_what_is_on_disk_stays_there(self):
        with tempfile.TemporaryDirectory() as folder:
            with desk(f"{folder}/desk") as northwind:
                northwind.open_ticket(1, "Printer", "It prints nothing. 😀")
                proof = northwind.verify()
            with Desk(f"{folder}/desk", RULES) as northwind:
                self.assertEqual(northwind.verify(), proof)
                self.assertEqual(northwind.export(f"{folder}/export.jsonl"), proof)
                northwind.backup(f"{folder}/copy")
                with self.assertRaises(CallerError) as raised:
                    northwind.backup(f"{folder}/copy")
                self.assertEqual(raised.exception.name, "file_exists")

    def test_what_will_be_and_why(self):
        more = RULES + """
[[rules]]
name = "errors first"
on = ["opened"]
when = { text = { matches = "E[0-9]{4}" } }
do = [{ priority = "high" }]
"""
        with Desk(None, more, now=MONDAY) as northwind:
            northwind.save_contact(1, "Ada")
            northwind.open_ticket(1, "Printer", "It prints nothing.")
            coming = northwind.forecast(1, MONDAY + 24 * HOUR)["events"]
            self.assertEqual(firstline.moment(coming[0]["at"]), MONDAY + 3 * HOUR)
            why = northwind.why_not(1, "errors first")
            self.assertFalse(why["conditions"]["holds"])
            self.assertIn("did not fire", why["text"])
            northwind.handle_timeout(MONDAY + 4.5 * HOUR)
            other = northwind.dry_run(more.replace('medium = "4h"', 'medium = "6h"'))
            self.assertEqual([it["ticket"] for it in other["differences"]], [1])

    def test_what_a_screen_offers(self):
        more = RULES + """
[fields.shop]
label = { en = "Shop", ru = "Магазин" }
kind = "choice"
choices = [{ id = "berlin", label = "Berlin" }, { id = "kazan", label = { en = "Kazan", ru = "Казань" } }]
[fields.till]
kind = "integer"
set_by = "agent"
[[forms]]
name = "Tills"
fields = [{ field = "shop", required = "opening" }, { field = "till", when = { shop = "kazan" } }]
"""
        with Desk(None, more, now=MONDAY) as northwind:
            northwind.save_contact(1, "Ada")
            northwind.save_agent(1, "Bob")
            ada = {"contact": 1}
            request = {"kind": "incident", "channel": "portal", "impact": "low", "urgency": "low"}
            request |= {"requester": 1, "subject": "Till", "text": "It is stuck."}
            form = northwind.form_of_request(request, actor=ada, language="ru")
            (shop,) = form["lines"]
            self.assertEqual((shop["label"], shop["required"]), ("Магазин", "opening"))
            self.assertEqual(shop["holds"]["among"][1], {"id": "kazan", "label": "Казань"})
            request["fields"] = {"shop": "kazan"}
            form = northwind.form_of_request(request, actor=ada)
            self.assertEqual([line["can_be_set"] for line in form["lines"]], [True, False])
            northwind.execute({"actor": ada, "action": {"open": request}})
            shop, till = northwind.form(1, actor=BOB)["lines"]
            self.assertEqual(shop["value"], {"choice": "kazan"})
            self.assertEqual((till["holds"]["kind"], till["can_be_set"]), ("integer", True))
            self.assertEqual([way["to"] for way in northwind.ways(1, actor=ada)], ["resolved"])
            ways = northwind.ways(1, actor=BOB, language="ru")
            self.assertEqual({way["to"]: way["label"] for way in ways}["resolved"], "Решено")
            northwind.on_ticket(1, {"move": {"to": "resolved"}}, BOB)
            self.assertIn("closed", [way["to"] for way in northwind.ways(1, actor=ada)])

    def test_what_answers_are_worth(self):
        with desk() as northwind:
            article = northwind.publish("The printer does not print", "Turn it off and on again.")
            ada = {"contact": 1}
            self.assertEqual(northwind.answer(7, ada, "printer does not print")[0].article, article)
            northwind.note(7, {"viewed": article})
            northwind.note(7, {"helped": True})
            northwind.answer(8, {"guest": 17}, "where is my invoice")
            span = (MONDAY - HOUR, MONDAY + HOUR, HOUR)
            worth = northwind.deflection(*span)
            self.assertEqual((worth["visits"], worth["potential"], worth["confirmed"]), (2, 1, 1))
            self.assertEqual(northwind.gaps(*span)["unanswered"][0]["sample"], "where is my invoice")

    def test_whoever_is_held_out_is_shown_nothing(self):
        with tempfile.TemporaryDirectory() as folder, desk(folder, hold_out_percent=100) as northwind:
            northwind.publish("The printer does not print", "Turn it off and on again.")
            self.assertEqual(northwind.answer(1, {"guest": 17}, "printer does not print"), [])
            worth = northwind.deflection(MONDAY, MONDAY + HOUR, HOUR)
            self.assertEqual((worth["visits"], worth["held_out_rate"]), (0, 0.0))

    def test_what_a_page_of_answers_shows(self):
        with desk(hold_out_percent=0) as northwind:
            number = northwind.publish("The printer does not print", "Turn it off and on again.")
            found = northwind.browse("my prnter", limit=3)
            self.assertEqual((found.articles, found.did_you_mean), (1, "my printer"))
            self.assertEqual(found.facets["languages"], {"en": 1})
            self.assertEqual(found.facets["audiences"], {"public": 1})
            hit = northwind.search("turn it off")[0]
            self.assertEqual([word["word"] for word in hit.matches], ["off", "turn"])
            self.assertEqual("".join(text for text, _ in hit.pieces), hit.snippet)
            self.assertIn(("Turn", True), hit.pieces)
            self.assertEqual(hit.experience["helpful"], 0)
            self.assertEqual([hit.article for hit in northwind.browse().hits], [number])
            page = northwind.answer_page(1, {"guest": 17}, "printer", audience="internal")
            self.assertEqual(page.articles, 1)
            self.assertEqual(northwind.read_article(number, language="de")["language"], "en")
            with self.assertRaises(CallerError):
                northwind.read_article(number + 1)
        with desk(hold_out_percent=100) as northwind:
            northwind.publish("The printer does not print", "Turn it off and on again.")
            self.assertEqual(northwind.answer(1, {"guest": 17}, "printer"), [])

    def test_many_pages(self):
        with desk() as northwind:
            for number in range(7):
                northwind.open_ticket(1, f"Printer {number}", "It prints nothing.")
            found = [ticket.number for ticket in northwind.tickets(sort="due", limit=2)]
            self.assertEqual(found, [1, 2, 3, 4, 5, 6, 7])

    def test_many_threads(self):
        with desk() as northwind, ThreadPoolExecutor(8) as threads:
            opened = threads.map(lambda n: northwind.open_ticket(1, f"{n}", "Hello").number, range(80))
            self.assertEqual(sorted(opened), list(range(1, 81)))

    def test_the_program_of_ten_lines(self):
        with unittest.mock.patch("sys.argv", ["quickstart.py"]), redirect_stdout(StringIO()) as said:
            runpy.run_path(str(HERE / "quickstart.py"), run_name="__main__")
        self.assertIn("perhaps this helps: The printer does not print", said.getvalue())


class Mistakes(unittest.TestCase):
    def test_each_says_who_must_act(self):
        with desk() as northwind:
            with self.assertRaises(CallerError) as raised:
                northwind.reply(9, "Hello", actor=BOB)
            self.assertEqual(raised.exception.name, "not_found")
            self.assertEqual(raised.exception.detail["kind"], "unknown_ticket")
            with self.assertRaisesRegex(CallerError, "action.reply.txt: unknown field"):
                northwind.on_ticket(1, {"reply": {"txt": "Hello"}}, BOB)
        with self.assertRaisesRegex(AuthorError, "there is no calendar `ofice`") as raised:
            Desk(None, RULES.replace('calendar = "office"', 'calendar = "ofice"'))
        self.assertEqual(raised.exception.detail["findings"][0]["severity"], "error")
        with self.assertRaises(OperatorError):
            Desk("/dev/null/desk", RULES)

    def test_a_closed_desk_is_an_error_and_no_crash(self):
        northwind = desk()
        handle = northwind._desk
        northwind.close()
        northwind.close()
        northwind._desk = handle
        with self.assertRaises(CallerError) as raised:
            northwind.verify()
        self.assertEqual((raised.exception.name, raised.exception.detail["kind"]), ("closed", "closed"))
        northwind._desk = None

    def test_a_number_that_does_not_fit_is_not_another_one(self):
        with desk() as northwind:
            northwind.open_ticket(1, "Printer", "It prints nothing.")
            for ask in (
                lambda: northwind.ticket(2**64 + 1),
                lambda: northwind.ticket(-1),
                lambda: northwind.suggest(1, -1),
                lambda: northwind.choose_agent(1, [2**64 + 1]),
                lambda: northwind.explain(1, cycle=2**32),
                lambda: Desk(None, RULES, hold_out_percent=2**32),
            ):
                with self.assertRaises(OverflowError):
                    ask()


class Care(unittest.TestCase):
    def test_copies_and_what_becomes_of_people(self):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            with desk(folder / "desk") as northwind:
                northwind.open_ticket(1, "Printer", "It prints nothing.")
                northwind.backup(folder / "copy")
                proof = northwind.export(folder / "export.jsonl")
                northwind.erase(1, actor=BOB)
                northwind.compact()
                northwind.rebuild()
                northwind.sync()
                self.assertEqual(northwind.party("contact", 1)["contact"]["name"], "[erased]")
                self.assertGreater(northwind.head()["seq"], proof["records"])
            self.assertEqual(firstline.restore(folder / "copy", folder / "back"), proof)
            with Desk(folder / "back", RULES, now=MONDAY) as back:
                self.assertEqual(back.ticket(1).subject, "Printer")
            with Desk(folder / "empty", RULES, now=MONDAY) as empty:
                self.assertIsNone(empty.head())
                self.assertEqual(empty.import_from(folder / "export.jsonl"), proof)

    def test_rules_are_checked_and_adopted(self):
        self.assertEqual(firstline.check_rulebook(RULES, MONDAY), [])
        with self.assertRaises(AuthorError):
            firstline.check_rulebook("name = 'Desk'", MONDAY)
        with desk() as northwind:
            self.assertEqual(northwind.rulebook()["version"], 1)
            self.assertEqual(northwind.adopt(RULES.replace('medium = "4h"', 'medium = "2h"')), 2)

    def test_people_lists_and_views(self):
        with desk() as northwind:
            northwind.open_ticket(1, "Printer", "It prints nothing.")
            self.assertEqual([it["id"] for it in northwind.find_parties("ada", limit=1)], [{"contact": 1}])
            self.assertEqual((northwind.count("status:new"), northwind.count("status:closed")), (1, 0))
            self.assertIsInstance(northwind.views(me=1), list)
            self.assertIn("text", northwind.choose_agent(1, [1]))
            self.assertEqual((northwind.check_articles(), northwind.article_chores()), ([], []))
            northwind.catch_up()
            northwind.answer(1, {"guest": 1}, "printer")
            self.assertEqual(len(northwind.visits(MONDAY, MONDAY + HOUR)), 1)
            self.assertEqual(northwind.forget_visits(MONDAY + HOUR), 1)

    def test_what_could_not_be_delivered_is_tried_again(self):
        with desk() as northwind:
            northwind.open_ticket(1, "Printer", "It prints nothing.", kind="incident")
            late = MONDAY + 4.5 * HOUR
            northwind.handle_timeout(late)
            (delivery,) = northwind.effects(late)
            northwind.fail(delivery, "nobody answers", late, None)
            (dead,) = northwind.open_effects()
            self.assertEqual((dead["standing"], dead["reason"]), ("dead", "nobody answers"))
            northwind.requeue(delivery.record, late)
            self.assertEqual([it.record for it in northwind.effects(late)], [delivery.record])
            with self.assertRaises(CallerError) as raised:
                northwind.requeue(delivery.record, late)
            self.assertEqual(raised.exception.detail["kind"], "unknown_effect")


class Host(unittest.TestCase):
    def test_a_desk_that_nobody_closed_is_closed_in_the_end(self):
        lines = []
        forgotten = desk(log=lambda level, line: lines.append(line))
        with self.assertWarns(ResourceWarning):
            del forgotten
            gc.collect()
        self.assertEqual(lines[-1], "the desk is closed")

    def test_an_older_library_is_told_and_a_newer_one_is_understood(self):
        class Older:
            """A library of this ABI that lacks what came later."""

            def fl_abi_version():
                return 1

        with self.assertRaisesRegex(ImportError, "is older than this package"):
            firstline._library._declare(Older())
        answer = {"stream": {"ticket": 1}, "version": 1, "events": 1, "seq": 1, "at": 1, "new": 1}
        self.assertEqual(firstline.Receipt.of(answer).number, 1)

    def test_callbacks_live_as_long_as_the_desk(self):
        lines, told = [], []
        with desk(log=lambda level, line: lines.append(line), on_effects=lambda: told.append(1)) as it:
            gc.collect()
            it.open_ticket(1, "Printer", "It prints nothing.")
            it.handle_timeout(MONDAY + 4.5 * HOUR)
        self.assertEqual(told, [1])
        self.assertEqual(lines[-1], "the desk is closed")

    def test_working_time(self):
        office = firstline.Calendar({"time_zone": "UTC", "weekly": {"mon-fri": ["09:00-17:00"]}})
        self.assertEqual(office.add(MONDAY, 9 * HOUR), MONDAY + 25 * HOUR)
        self.assertEqual(office.between(MONDAY, MONDAY + 25 * HOUR), 9 * HOUR)
        self.assertTrue(office.is_open(MONDAY))
        self.assertIsNone(office.add(MONDAY, timedelta(days=900_000)))
        with desk() as northwind:
            self.assertFalse(northwind.calendar("office").is_open(MONDAY - 2 * HOUR))
        with self.assertRaises(ValueError):
            office.is_open(datetime(2026, 3, 2))


if __name__ == "__main__":
    unittest.main()
