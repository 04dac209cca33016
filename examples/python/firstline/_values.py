"""What goes in and what comes out."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from typing import Any

_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
_MILLISECOND = timedelta(milliseconds=1)


def millis(at: datetime) -> int:
    """Milliseconds since 1970. A moment without a zone could be any of many."""
    if at.tzinfo is None:
        raise ValueError(f"{at} has no time zone")
    return (at - _EPOCH) // _MILLISECOND


def moment(milliseconds: int | None) -> datetime | None:
    """A moment in UTC; None for none."""
    return None if milliseconds is None else _at(milliseconds)


def _at(milliseconds: int) -> datetime:
    return _EPOCH + milliseconds * _MILLISECOND


def if_any(milliseconds: int) -> datetime | None:
    """A moment, if there is one. Those outside the years 1 to 9999, where the moments of Python end, are
    none either."""
    try:
        return _at(milliseconds)
    except OverflowError:
        return None


class Error(Exception):
    """What went wrong. Its subclass says who must act."""

    def __init__(self, status: int, name: str, message: str, detail: dict[str, Any]) -> None:
        super().__init__(message)
        self.status = status
        self.name = name
        self.detail = detail

    @staticmethod
    def of(status: int, name: str, message: str, detail: dict[str, Any]) -> Error:
        """The error of a status."""
        kinds = {1: CallerError, 2: AuthorError, 3: OperatorError}
        return kinds.get(-status // 100, LibraryError)(status, name, message, detail)


class CallerError(Error):
    """The caller must act: a refused command, an argument that cannot be."""


class AuthorError(Error):
    """Whoever wrote the rulebook must act."""


class OperatorError(Error):
    """Whoever looks after the disk must act."""


class LibraryError(Error):
    """A bug of firstline."""


@dataclass(frozen=True)
class Receipt:
    """What came of a command."""

    stream: Any
    version: int
    events: int
    seq: int
    at: datetime

    @staticmethod
    def of(answer: dict[str, Any]) -> Receipt:
        # Later versions of the library say more.
        known = {name: answer[name] for name in ("stream", "version", "events", "seq")}
        return Receipt(**known, at=_at(answer["at"]))

    @property
    def number(self) -> int:
        """The number of the ticket or article that it was about."""
        (number,) = self.stream.values()
        return int(number)


@dataclass(frozen=True)
class Ticket:
    """A ticket as it is. `state` has all there is to know."""

    number: int
    version: int
    due: datetime | None
    state: dict[str, Any] = field(repr=False)

    @staticmethod
    def of(answer: dict[str, Any]) -> Ticket:
        due = moment(answer["due"])
        return Ticket(answer["number"], answer["version"], due, answer["ticket"])

    @property
    def subject(self) -> str:
        return str(self.state["subject"])

    @property
    def status(self) -> str:
        return str(self.state["status"])


@dataclass(frozen=True)
class Hit:
    """An article that was found. `pieces` are the snippet cut into what is a word of the question (True) and
    what is not: escape each of them before it is shown on a page. `matches` says which words it was found
    for: {"word", "in_title", "is_guess"}; `experience` what the past says of it."""

    article: int
    language: str
    title: str
    snippet: str
    score: float
    pieces: tuple[tuple[str, bool], ...] = ()
    matches: tuple[dict[str, Any], ...] = ()
    experience: dict[str, Any] = field(default_factory=dict)

    @staticmethod
    def of(answer: dict[str, Any]) -> Hit:
        snippet = answer["snippet"]
        return Hit(
            answer["article"],
            answer["language"],
            answer["title"],
            snippet["text"],
            answer["score"],
            tuple((piece["text"], piece["marked"]) for piece in snippet["pieces"]),
            tuple(answer["matches"]),
            answer["experience"],
        )


@dataclass(frozen=True)
class Results:
    """A page of hits, and what stands beside them: how many articles there are on all pages, how many of each
    product, version, category, tag, language and audience, and the question as it may have been meant."""

    hits: list[Hit]
    articles: int
    facets: dict[str, dict[str, int]]
    did_you_mean: str | None

    @staticmethod
    def of(answer: dict[str, Any]) -> Results:
        hits = [Hit.of(hit) for hit in answer["hits"]]
        return Results(hits, answer["articles"], answer["facets"], answer["did_you_mean"])


@dataclass(frozen=True)
class Woken:
    """What a wake-up did, and when the desk wants the next one."""

    tickets: int
    records: int
    next: datetime | None


@dataclass(frozen=True)
class Delivery:
    """Something to do for the desk: under `id`, which is the same at each attempt."""

    record: int
    attempt: int
    id: str
    ticket: int
    scheduled_at: datetime
    kind: Any

    @staticmethod
    def of(answer: dict[str, Any]) -> Delivery:
        effect = answer["effect"]
        at = _at(effect["scheduled_at"])
        ticket, kind = effect["ticket"], effect["kind"]
        return Delivery(answer["record"], answer["attempt"], effect["id"], ticket, at, kind)
