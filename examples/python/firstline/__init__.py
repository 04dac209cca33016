"""firstline, the help desk without the server, for Python.

    from firstline import Desk

    with Desk("support", open("rulebook.toml").read()) as desk:
        desk.save_contact(1, "Ada")
        ticket = desk.open_ticket(1, "Printer", "My printer is not printing.")
        print(ticket.number, ticket.due, desk.search("printers not printing")[0].title)

It needs the shared library: installed where the system looks for libraries, or named by the
environment variable FIRSTLINE_LIBRARY.
"""

from ._calendar import Calendar
from ._desk import Desk, check_rulebook, restore
from ._library import version
from ._values import (
    AuthorError,
    CallerError,
    Delivery,
    Error,
    Hit,
    LibraryError,
    OperatorError,
    Receipt,
    Results,
    Ticket,
    Woken,
    moment,
)

__all__ = [
    "AuthorError",
    "Calendar",
    "CallerError",
    "Delivery",
    "Desk",
    "Error",
    "Hit",
    "LibraryError",
    "OperatorError",
    "Receipt",
    "Results",
    "Ticket",
    "Woken",
    "check_rulebook",
    "moment",
    "restore",
    "version",
]
