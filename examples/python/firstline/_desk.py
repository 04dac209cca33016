"""The desk."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Iterator
from ctypes import byref, c_int64, c_uint64, c_void_p, cast, sizeof
from datetime import datetime, timedelta, timezone
from pathlib import Path
from types import TracebackType
from typing import Any

from . import _library
from ._calendar import Calendar
from ._library import NEVER, EffectsFunction, LogFunction, Options, WokenStructure, ask, call, text
from ._values import Delivery, Hit, Receipt, Ticket, Woken, millis, moment


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
        options.hold_out_percent = hold_out_percent
        if isinstance(rules, os.PathLike):
            rules = Path(rules).read_text(encoding="utf-8")
        if now is not None:
            options.clock, options.now_ms = 1, millis(now)
        # The library keeps their addresses, so they must live as long as the desk.
        self._kept: list[Any] = []
        if log is not None:
            kept = LogFunction(lambda _user, level, line, _length: log(level, line.decode()))
            options.log, options.log_level = self._keep(kept), 4
        if on_effects is not None:
            options.effects = self._keep(EffectsFunction(lambda _user: on_effects()))
        self._desk = c_void_p()
        if folder is None:
            call("fl_desk_open_in_memory", *text(rules), byref(options), byref(self._desk))
        else:
            arguments = (*text(os.fspath(folder)), *text(rules), byref(options), byref(self._desk))
            call("fl_desk_open", *arguments)

    def _keep(self, function: Any) -> int | None:
        self._kept.append(function)
        return cast(function, c_void_p).value

    def close(self) -> None:
        """Closes it. To do so again does no harm."""
        desk, self._desk = self._desk, c_void_p()
        _library.check("fl_desk_close", desk)

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
        return ask("fl_desk_execute_all", self._desk, *text(json.dumps(list(commands))))

    def preview(self, command: dict[str, Any]) -> list[dict[str, Any]]:
        """The records that a command would make."""
        return ask("fl_desk_preview", self._desk, *text(json.dumps(command)))

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

    def timeline(self, ticket: int) -> list[dict[str, Any]]:
        """All that happened to a ticket."""
        return ask("fl_desk_timeline", self._desk, ticket)

    def timeline_seen_by(self, ticket: int, role: str) -> list[dict[str, Any]]:
        """What of that a `contact`, who asks for help, or an `agent` sees."""
        return ask("fl_desk_timeline_seen_by", self._desk, ticket, *text(role))

    def records(self, after: int = 0, limit: int = 1000) -> list[dict[str, Any]]:
        """Records of the whole desk after one."""
        return ask("fl_desk_records", self._desk, after, limit)

    def explain(
        self, ticket: int, clock: str = "first_reply", *, cycle: int = 0, language: str = "en"
    ) -> dict[str, Any]:
        """The account of a promise; its "text" says it in words."""
        told = (*text(clock), cycle, NEVER, *text(language))
        return ask("fl_desk_explain", self._desk, ticket, *told)

    def brief(self, ticket: int, language: str = "en") -> dict[str, Any]:
        """The four things that a customer is to be told; "text" says them."""
        return ask("fl_desk_brief", self._desk, ticket, *text(language))

    def forecast(self, ticket: int, until: datetime) -> dict[str, Any]:
        """What a ticket will do by itself if nobody does anything."""
        return ask("fl_desk_forecast", self._desk, ticket, millis(until))

    def why_not(self, ticket: int, rule: str) -> dict[str, Any]:
        """Why a rule did not fire, or why it did; its "text" says it in words."""
        return ask("fl_desk_why_not", self._desk, ticket, *text(rule))

    def dry_run(self, rules: str, records: int = 100_000) -> dict[str, Any]:
        """What other rules would have made of the last records."""
        return ask("fl_desk_dry_run", self._desk, *text(rules), records)

    def search(self, question: str, **filters: Any) -> list[Hit]:
        """Articles that answer a question, best first."""
        asked = text(json.dumps({"text": question, **filters}))
        return [Hit.of(hit) for hit in ask("fl_desk_search", self._desk, *asked)["hits"]]

    def answer(self, visit: int, visitor: dict[str, int], question: str, **filters: Any) -> list[Hit]:
        """Searches for {"contact": 1} or {"guest": 17}, and takes it down as a step of a visit."""
        asked = (*text(json.dumps(visitor)), *text(json.dumps({"text": question, **filters})))
        return [Hit.of(hit) for hit in ask("fl_desk_answer", self._desk, visit, *asked)]

    def note(self, visit: int, step: dict[str, Any]) -> None:
        """Takes down {"viewed": article}, {"helped": bool} or {"wrote": ticket}."""
        call("fl_desk_note", self._desk, visit, *text(json.dumps(step)))

    def deflection(self, start: datetime, end: datetime, window: timedelta) -> dict[str, Any]:
        """What answers were worth to the visits of a stretch of time."""
        return ask("fl_desk_deflection", self._desk, *_within(start, end, window))

    def gaps(self, start: datetime, end: datetime, window: timedelta) -> dict[str, Any]:
        """What these visits asked for and did not get."""
        return ask("fl_desk_gaps", self._desk, *_within(start, end, window))

    def suggest(self, ticket: int, limit: int = 5) -> list[Hit]:
        """Articles for a ticket."""
        return [Hit.of(hit) for hit in ask("fl_desk_suggest", self._desk, ticket, limit)]

    def similar(self, ticket: int, limit: int = 5) -> dict[str, Any]:
        """Tickets that are like this one, and what solved those."""
        return ask("fl_desk_similar", self._desk, ticket, limit)

    def article(self, number: int) -> dict[str, Any]:
        """An article as it is."""
        return ask("fl_desk_article", self._desk, number)

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
        return moment(at.value) or datetime.now(timezone.utc)

    def set_time(self, now: datetime) -> None:
        """Sets the clock of a desk that was opened with `now`."""
        call("fl_desk_set_time", self._desk, millis(now))

    def poll_timeout(self) -> datetime | None:
        """When it next wants `handle_timeout`."""
        at = c_int64()
        call("fl_desk_poll_timeout", self._desk, byref(at))
        return None if at.value == NEVER else moment(at.value)

    def handle_timeout(self, now: datetime) -> Woken:
        """Notices what became true until now: warnings, breaches, steps of ladders."""
        woken = WokenStructure()
        call("fl_desk_handle_timeout", self._desk, millis(now), byref(woken))
        after = None if woken.next_ms == NEVER else moment(woken.next_ms)
        return Woken(woken.tickets, woken.records, after)

    # What the desk asks of its host.

    def effects(self, now: datetime, limit: int = 0) -> list[Delivery]:
        """What is to be done now. Do each, then acknowledge it, and ask again until there is none."""
        answer = ask("fl_desk_effects", self._desk, millis(now), limit, 0, 0)
        return [Delivery.of(delivery) for delivery in answer]

    def acknowledge(self, *deliveries: Delivery) -> int:
        """Closes effects for ever, and says how many were open."""
        records = (c_uint64 * len(deliveries))(*(delivery.record for delivery in deliveries))
        done = c_uint64()
        call("fl_desk_acknowledge", self._desk, records, len(deliveries), byref(done))
        return done.value

    # Care.

    def adopt(self, rules: str) -> None:
        """Puts other rules into force."""
        call("fl_desk_adopt", self._desk, *text(rules), None)

    def verify(self) -> dict[str, Any]:
        """Reads the whole journal and compares it with itself."""
        return ask("fl_desk_verify", self._desk)

    def backup(self, folder: str) -> None:
        """Writes a copy of the desk to a folder."""
        call("fl_desk_backup", self._desk, *text(folder))

    def export(self, file: str) -> dict[str, Any]:
        """Writes everything that happened to a new file, as lines of JSON."""
        return ask("fl_desk_export", self._desk, *text(file))


def _within(start: datetime, end: datetime, window: timedelta) -> tuple[int, int, int]:
    return millis(start), millis(end), window // timedelta(milliseconds=1)
