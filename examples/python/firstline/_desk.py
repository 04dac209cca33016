"""The desk."""

from __future__ import annotations

import json
import os
import warnings
from collections.abc import Callable, Iterable, Iterator
from ctypes import byref, c_int64, c_uint32, c_uint64, c_void_p, cast, sizeof
from datetime import datetime, timedelta, timezone
from pathlib import Path
from types import TracebackType
from typing import Any

from . import _library
from ._calendar import Calendar
from ._library import (
    NEVER,
    EffectsFunction,
    LogFunction,
    Options,
    WokenStructure,
    ask,
    ask_all,
    ask_one,
    call,
    number,
    numbers,
    text,
)
from ._values import Delivery, Error, Hit, Receipt, Results, Ticket, Woken, if_any, millis


class Desk:
    """One support desk: one folder, or memory if the folder is None. Any thread may use it.

    `rules` is a rulebook: its text, TOML or JSON, or the path of its file. With `now` its clock stands
    there until `set_time`: for tests and replays. `log(level, line)` takes the log; `on_effects()` hears
    that there is something to do. Neither may call the desk. Of the visitors of `answer`,
    `hold_out_percent` are shown nothing.
    """

    def __init__(
        self,
        folder: str | os.PathLike[str] | None,
        rules: str | os.PathLike[str],
        *,
        now: datetime | None = None,
        hold_out_percent: int = 0,
        log: Callable[[int, str], None] | None = None,
        on_effects: Callable[[], None] | None = None,
    ) -> None:
        options = Options(struct_size=sizeof(Options), abi_version=_library.ABI_VERSION)
        options.hold_out_percent = number(c_uint32, hold_out_percent, "hold_out_percent")
        if isinstance(rules, os.PathLike):
            rules = Path(rules).read_text(encoding="utf-8")
        if now is not None:
            options.clock, options.now_ms = 1, millis(now)
        self._desk = c_void_p()
        # The library keeps their addresses, so they must live as long as the desk.
        self._kept: list[Any] = []
        if log is not None:
            kept = LogFunction(lambda _user, level, line, _length: log(level, line.decode()))
            options.log, options.log_level = self._keep(kept), 4
        if on_effects is not None:
            options.effects = self._keep(EffectsFunction(lambda _user: on_effects()))
        if folder is None:
            call("fl_desk_open_in_memory", *text(rules), byref(options), byref(self._desk))
        else:
            call("fl_desk_open", *text(folder), *text(rules), byref(options), byref(self._desk))

    def _keep(self, function: Any) -> int | None:
        self._kept.append(function)
        return cast(function, c_void_p).value

    def close(self) -> None:
        """Closes it. To do so again does no harm."""
        _library.check("fl_desk_close", self._desk)
        self._desk = c_void_p()

    def __del__(self) -> None:
        if not getattr(self, "_desk", None):
            return
        warnings.warn(f"unclosed {self!r}", ResourceWarning, stacklevel=2, source=self)
        try:
            self.close()
        except Error:
            # Within a callback of a desk none can be closed.
            pass

    def __enter__(self) -> Desk:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    # Commands.

    def execute(self, command: dict[str, Any]) -> Receipt:
        """Carries out a command. When this returns, it is on disk."""
        return Receipt.of(ask("fl_desk_execute", self._desk, *text(json.dumps(command))))

    def execute_all(self, commands: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
        """Carries out several commands in one commit; each has a receipt or is refused."""
        return ask_all("fl_desk_execute_all", self._desk, *text(json.dumps(list(commands))))

    def preview(self, command: dict[str, Any]) -> list[dict[str, Any]]:
        """The records that a command would make."""
        return ask_all("fl_desk_preview", self._desk, *text(json.dumps(command)))

    def on_ticket(self, ticket: int, action: Any, actor: Any) -> Receipt:
        """Does something to a ticket."""
        return self.execute({"actor": actor, "ticket": ticket, "action": action})

    def save(self, kind: str, number: int, **facts: Any) -> Receipt:
        """Saves a contact, organization, agent, equipment or contract."""
        party = {"id": {kind: number}, "party": {kind: facts}}
        return self.execute({"actor": "system", "action": {"save": party}})

    def save_contact(self, number: int, name: str, **facts: Any) -> Receipt:
        """Saves who asks."""
        return self.save("contact", number, name=name, **facts)

    def save_agent(self, number: int, name: str, **facts: Any) -> Receipt:
        """Saves who answers."""
        return self.save("agent", number, name=name, **facts)

    def publish(
        self, title: str, body: str, *, language: str = "en", actor: Any = "system", **facts: Any
    ) -> int:
        """Publishes an article and gives its number."""
        edition = {"language": language, "title": title, "body": body, **facts}
        action = {"article": {"do": {"publish": edition}}}
        return self.execute({"actor": actor, "action": action}).number

    def open_ticket(self, contact: int, subject: str, text: str, **facts: Any) -> Ticket:
        """Opens a ticket. What is not said is a question by the portal of medium weight."""
        usual = {"kind": "question", "channel": "portal", "impact": "medium", "urgency": "medium"}
        request = {**usual, "requester": contact, "subject": subject, "text": text, **facts}
        receipt = self.execute({"actor": {"contact": contact}, "action": {"open": request}})
        return self.ticket(receipt.number)

    def reply(self, ticket: int, text: str, *, actor: Any, then: str | None = None) -> Receipt:
        """Sends a public message: `actor` is such as {"agent": 1} or {"contact": 1}."""
        said = {"text": text} if then is None else {"text": text, "then": then}
        return self.on_ticket(ticket, {"reply": said}, actor)

    def resolve(self, ticket: int, *, actor: Any) -> Receipt:
        """Calls the matter done."""
        return self.on_ticket(ticket, {"change_status": {"to": "resolved"}}, actor)

    # Questions.

    def ticket(self, number: int) -> Ticket:
        """A ticket as it is."""
        return Ticket.of(ask("fl_desk_ticket", self._desk, number))

    def tickets(self, filter: str = "", **question: Any) -> Iterator[Ticket]:
        """Tickets that match, page after page."""
        question["filter"] = filter
        while True:
            page = ask("fl_desk_tickets", self._desk, *text(json.dumps(question)))
            yield from map(Ticket.of, page["tickets"])
            if page["next"] is None:
                return
            question["after"] = page["next"]

    def count(self, filter: str = "", **question: Any) -> int:
        """How many tickets match."""
        found = c_uint64()
        asked = text(json.dumps({**question, "filter": filter}))
        call("fl_desk_count", self._desk, *asked, byref(found))
        return found.value

    def views(self, **question: Any) -> list[dict[str, Any]]:
        """The views of the rulebook with the number of their tickets; `me`, `now`, `time_zone`."""
        return ask_all("fl_desk_views", self._desk, *text(json.dumps(question)))

    def party(self, kind: str, number: int) -> dict[str, Any]:
        """A contact, organization, agent, equipment or contract."""
        return ask_one("fl_desk_party", self._desk, *text(json.dumps({kind: number})))

    def find_parties(self, search: str | None = None, **question: Any) -> Iterator[dict[str, Any]]:
        """People and things by their words, page after page."""
        question["search"] = search
        while True:
            page = ask_one("fl_desk_find_parties", self._desk, *text(json.dumps(question)))
            yield from page["parties"]
            if page["next"] is None:
                return
            question["after"] = page["next"]

    def timeline(self, ticket: int) -> list[dict[str, Any]]:
        """All that happened to a ticket."""
        return ask_all("fl_desk_timeline", self._desk, ticket)

    def timeline_seen_by(self, ticket: int, role: str) -> list[dict[str, Any]]:
        """What of that a `contact`, who asks for help, or an `agent` sees."""
        return ask_all("fl_desk_timeline_seen_by", self._desk, ticket, *text(role))

    def records(self, after: int = 0, limit: int = 1000) -> list[dict[str, Any]]:
        """Records of the whole desk after one."""
        return ask_all("fl_desk_records", self._desk, after, limit)

    def explain(
        self, ticket: int, clock: str = "first_reply", *, cycle: int = 0, language: str = "en"
    ) -> dict[str, Any]:
        """The account of a promise; its "text" says it in words."""
        told = (*text(clock), cycle, NEVER, *text(language))
        return ask_one("fl_desk_explain", self._desk, ticket, *told)

    def brief(self, ticket: int, language: str = "en") -> dict[str, Any]:
        """The four things that a customer is to be told; "text" says them."""
        return ask_one("fl_desk_brief", self._desk, ticket, *text(language))

    def forecast(self, ticket: int, until: datetime) -> dict[str, Any]:
        """What a ticket will do by itself if nobody does anything."""
        return ask_one("fl_desk_forecast", self._desk, ticket, millis(until))

    def why_not(self, ticket: int, rule: str) -> dict[str, Any]:
        """Why a rule did not fire, or why it did; its "text" says it in words."""
        return ask_one("fl_desk_why_not", self._desk, ticket, *text(rule))

    def ways(self, ticket: int, *, actor: Any, language: str = "en") -> list[dict[str, Any]]:
        """Where somebody may move a ticket: {"to", "label", "category", "holds", "requires"}."""
        asked = (*text(json.dumps(actor)), *text(language))
        return ask_all("fl_desk_ways", self._desk, ticket, *asked)

    def form(self, ticket: int, *, actor: Any, language: str = "en") -> dict[str, Any] | None:
        """The fields of a ticket as somebody sees them, or None if no form is meant for it."""
        asked = (*text(json.dumps(actor)), *text(language))
        form: dict[str, Any] | None = ask("fl_desk_form", self._desk, ticket, *asked)
        return form

    def form_of_request(
        self, request: dict[str, Any], *, actor: Any, language: str = "en"
    ) -> dict[str, Any] | None:
        """The fields of a request that is still being written."""
        asked = (*text(json.dumps(request)), *text(json.dumps(actor)), *text(language))
        form: dict[str, Any] | None = ask("fl_desk_form_of_request", self._desk, *asked)
        return form

    def choose_agent(
        self, ticket: int, agents: Iterable[int], language: str = "en"
    ) -> dict[str, Any]:
        """Who of these would get a ticket, and why not the others; "text" says it in words."""
        among = numbers(agents)
        asked = (among, len(among), *text(language))
        return ask_one("fl_desk_choose_agent", self._desk, ticket, *asked)

    def dry_run(self, rules: str, records: int = 100_000) -> dict[str, Any]:
        """What other rules would have made of the last records."""
        return ask_one("fl_desk_dry_run", self._desk, *text(rules), records)

    def search(self, question: str, **filters: Any) -> list[Hit]:
        """Articles that answer a question, best first."""
        asked = text(json.dumps({"text": question, **filters}))
        return [Hit.of(hit) for hit in ask("fl_desk_search", self._desk, *asked)["hits"]]

    def browse(self, question: str = "", **filters: Any) -> Results:
        """The same with all that a page of results shows beside the hits; without a question all that pass
        the filters, such as category="Setup"."""
        asked = text(json.dumps({"text": question, **filters}))
        return Results.of(ask_one("fl_desk_search", self._desk, *asked))

    def answer(self, visit: int, visitor: dict[str, int], question: str, **filters: Any) -> list[Hit]:
        """Searches for {"contact": 1} or {"guest": 17}, and takes it down as a step of a visit.

        A guest sees what is public, a contact what is for customers as well.
        """
        asked = (*text(json.dumps(visitor)), *text(json.dumps({"text": question, **filters})))
        return [Hit.of(hit) for hit in ask("fl_desk_answer", self._desk, visit, *asked)]

    def answer_page(
        self, visit: int, visitor: dict[str, int], question: str, **filters: Any
    ) -> Results:
        """The same with all that a page of results shows beside the hits."""
        asked = (*text(json.dumps(visitor)), *text(json.dumps({"text": question, **filters})))
        return Results.of(ask_one("fl_desk_answer_page", self._desk, visit, *asked))

    def note(self, visit: int, step: dict[str, Any]) -> None:
        """Takes down {"viewed": article}, {"helped": bool} or {"wrote": ticket}."""
        call("fl_desk_note", self._desk, visit, *text(json.dumps(step)))

    def visits(self, start: datetime, end: datetime) -> list[dict[str, Any]]:
        """The visits that began within a stretch of time."""
        return ask_all("fl_desk_visits", self._desk, millis(start), millis(end))

    def forget_visits(self, before: datetime) -> int:
        """Takes steps of visits before a moment out of the log, and says how many that were."""
        done = c_uint64()
        call("fl_desk_forget_visits", self._desk, millis(before), byref(done))
        return done.value

    def deflection(self, start: datetime, end: datetime, window: timedelta) -> dict[str, Any]:
        """What answers were worth to the visits of a stretch of time."""
        return ask_one("fl_desk_deflection", self._desk, *_within(start, end, window))

    def gaps(self, start: datetime, end: datetime, window: timedelta) -> dict[str, Any]:
        """What these visits asked for and did not get."""
        return ask_one("fl_desk_gaps", self._desk, *_within(start, end, window))

    def suggest(self, ticket: int, limit: int = 5) -> list[Hit]:
        """Articles for a ticket."""
        return [Hit.of(hit) for hit in ask("fl_desk_suggest", self._desk, ticket, limit)]

    def similar(self, ticket: int, limit: int = 5) -> dict[str, Any]:
        """Tickets that are like this one, and what solved those."""
        return ask_one("fl_desk_similar", self._desk, ticket, limit)

    def article(self, number: int) -> dict[str, Any]:
        """An article as it is."""
        return ask_one("fl_desk_article", self._desk, number)

    def read_article(
        self, number: int, audience: str = "public", language: str | None = None
    ) -> dict[str, Any]:
        """An article as a reader sees it: `public`, `customer` or `internal`, in the best edition for their
        language. What they may not see is not there."""
        audiences = ("public", "customer", "internal")
        if audience not in audiences:
            raise ValueError(f"{audience!r} is none of {audiences}")
        of = (None, 0) if language is None else text(language)
        return ask_one("fl_desk_read_article", self._desk, number, audiences.index(audience), *of)

    def check_articles(self) -> list[dict[str, Any]]:
        """Articles whose own questions do not find them any more."""
        return ask_all("fl_desk_check_articles", self._desk)

    def article_chores(self) -> list[dict[str, Any]]:
        """What waits for somebody to look after it."""
        return ask_all("fl_desk_article_chores", self._desk)

    def catch_up(self) -> None:
        """Brings what the desk searches up to the journal now."""
        call("fl_desk_catch_up", self._desk)

    def calendar(self, name: str) -> Calendar:
        """A calendar of the rulebook."""
        handle = c_void_p()
        call("fl_desk_calendar", self._desk, *text(name), byref(handle))
        return Calendar._of(handle)

    # Time.

    def now(self) -> datetime:
        """What time it is by the desk's own clock."""
        at = c_int64()
        call("fl_desk_now", self._desk, byref(at))
        return if_any(at.value) or datetime.max.replace(tzinfo=timezone.utc)

    def set_time(self, now: datetime) -> None:
        """Sets the clock of a desk that was opened with `now`."""
        call("fl_desk_set_time", self._desk, millis(now))

    def poll_timeout(self) -> datetime | None:
        """When it next wants `handle_timeout`."""
        at = c_int64()
        call("fl_desk_poll_timeout", self._desk, byref(at))
        return if_any(at.value)

    def handle_timeout(self, now: datetime) -> Woken:
        """Notices what became true until now: warnings, breaches, steps of ladders."""
        woken = WokenStructure()
        call("fl_desk_handle_timeout", self._desk, millis(now), byref(woken))
        return Woken(woken.tickets, woken.records, if_any(woken.next_ms))

    # What the desk asks of its host.

    def effects(self, now: datetime, limit: int = 0) -> list[Delivery]:
        """What is to be done now. Do each, then acknowledge it, and ask again until there is none."""
        answer = ask("fl_desk_effects", self._desk, millis(now), limit, 0, 0)
        return [Delivery.of(delivery) for delivery in answer]

    def acknowledge(self, *deliveries: Delivery) -> int:
        """Closes effects for ever, and says how many were open."""
        records = numbers(delivery.record for delivery in deliveries)
        done = c_uint64()
        call("fl_desk_acknowledge", self._desk, records, len(records), byref(done))
        return done.value

    def fail(self, delivery: Delivery, reason: str, now: datetime, retry: timedelta | None) -> None:
        """Takes note that an attempt failed. Without a time for the next one it is a dead letter."""
        after = -1 if retry is None else retry // timedelta(milliseconds=1)
        told = (delivery.record, delivery.attempt, *text(reason), after, millis(now))
        call("fl_desk_fail", self._desk, *told)

    def requeue(self, record: int, now: datetime) -> None:
        """Gives a dead letter new attempts."""
        call("fl_desk_requeue", self._desk, record, millis(now))

    def open_effects(self, after: int = 0, limit: int = 1000) -> list[dict[str, Any]]:
        """What is not acknowledged yet, dead letters among it."""
        return ask_all("fl_desk_open_effects", self._desk, after, limit)

    # Care.

    def rulebook(self) -> dict[str, Any]:
        """The rules in force."""
        return ask_one("fl_desk_rulebook", self._desk)

    def adopt(self, rules: str) -> int:
        """Puts other rules into force, and gives the number of their version."""
        version = c_uint32()
        call("fl_desk_adopt", self._desk, *text(rules), byref(version))
        return version.value

    def sync(self) -> None:
        """Brings to the disk all that was acknowledged so far."""
        call("fl_desk_sync", self._desk)

    def head(self) -> dict[str, Any] | None:
        """Where the journal ends; None while it is empty."""
        head: dict[str, Any] | None = ask("fl_desk_head", self._desk)
        return head

    def verify(self) -> dict[str, Any]:
        """Reads the whole journal and compares it with itself."""
        return ask_one("fl_desk_verify", self._desk)

    def backup(self, folder: str | os.PathLike[str]) -> None:
        """Writes a copy of the desk to a folder."""
        call("fl_desk_backup", self._desk, *text(folder))

    def export(self, file: str | os.PathLike[str]) -> dict[str, Any]:
        """Writes everything that happened to a new file, as lines of JSON."""
        return ask_one("fl_desk_export", self._desk, *text(file))

    def import_from(self, file: str | os.PathLike[str]) -> dict[str, Any]:
        """Reads an export into a desk that is empty or has the beginning of the same."""
        return ask_one("fl_desk_import", self._desk, *text(file))

    def erase(self, contact: int, *, actor: Any) -> Receipt:
        """Erases a person: the name and every word."""
        told = (*text(json.dumps(actor)), contact)
        return Receipt.of(ask_one("fl_desk_erase", self._desk, *told))

    def compact(self) -> None:
        """Gives back the room that nothing takes any more."""
        call("fl_desk_compact", self._desk)

    def rebuild(self) -> None:
        """Makes everything that is derived from the records again."""
        call("fl_desk_rebuild", self._desk)


def restore(backup: str | os.PathLike[str], folder: str | os.PathLike[str]) -> dict[str, Any]:
    """Verifies a backup and puts a copy of it into a folder that has no desk."""
    return ask_one("fl_restore", *text(backup), *text(folder))


def check_rulebook(rules: str, now: datetime) -> list[dict[str, Any]]:
    """What the author of a rulebook may want to know of it; an AuthorError if it cannot be worked by."""
    return ask_all("fl_rulebook_check", *text(rules), millis(now))


def _within(start: datetime, end: datetime, window: timedelta) -> tuple[int, int, int]:
    return millis(start), millis(end), window // timedelta(milliseconds=1)
