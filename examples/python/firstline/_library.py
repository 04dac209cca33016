"""The shared library: found, declared, called."""

from __future__ import annotations

import ctypes
import ctypes.util
import json
import os
from collections.abc import Iterable
from ctypes import POINTER, byref, c_char_p, c_int32, c_int64, c_size_t, c_uint32, c_uint64, c_void_p
from typing import Any

from ._values import Error

ABI_VERSION = 1
NEVER = 2**63 - 1


class Buffer(ctypes.Structure):
    """Bytes that the library made."""

    _fields_ = [("data", c_void_p), ("length", c_size_t), ("capacity", c_size_t)]

    def __del__(self) -> None:
        _lib.fl_buffer_free(byref(self))

    def bytes(self) -> bytes:
        return ctypes.string_at(self.data, self.length)


class Options(ctypes.Structure):
    """How a desk is opened."""

    _fields_ = [
        ("struct_size", c_uint32),
        ("abi_version", c_uint32),
        ("durability", c_int32),
        ("clock", c_int32),
        ("now_ms", c_int64),
        ("remember_commands_ms", c_int64),
        ("patience_ms", c_int64),
        ("log", c_void_p),
        ("log_user", c_void_p),
        ("log_level", c_int32),
        ("hold_out_percent", c_uint32),
        ("effects", c_void_p),
        ("effects_user", c_void_p),
    ]


class WokenStructure(ctypes.Structure):
    """What a wake-up did."""

    _fields_ = [("tickets", c_uint64), ("records", c_uint64), ("next_ms", c_int64)]


LogFunction = ctypes.CFUNCTYPE(None, c_void_p, c_int32, c_char_p, c_size_t)
EffectsFunction = ctypes.CFUNCTYPE(None, c_void_p)


def _load() -> ctypes.CDLL:
    named = os.environ.get("FIRSTLINE_LIBRARY")
    name = named or ctypes.util.find_library("firstline") or "libfirstline.so.0.1"
    try:
        return ctypes.CDLL(name)
    except OSError as error:
        mend = "`make -C crates/firstline-ffi install` installs it, FIRSTLINE_LIBRARY names its file"
        raise ImportError(f"there is no shared library of firstline ({error}); {mend}") from None


_lib = _load()

_TEXT = (c_char_p, c_size_t)
_ERROR = POINTER(c_void_p)
_OUT = POINTER(Buffer)

_INT = POINTER(c_int64)
_COUNT = POINTER(c_uint64)

# What a function takes. All of these give a status.
_DECLARED: dict[str, tuple[Any, ...]] = {
    "fl_rulebook_check": (*_TEXT, c_int64, _OUT, _ERROR),
    "fl_restore": (*_TEXT, *_TEXT, _OUT, _ERROR),
    "fl_desk_open": (*_TEXT, *_TEXT, POINTER(Options), POINTER(c_void_p), _ERROR),
    "fl_desk_open_in_memory": (*_TEXT, POINTER(Options), POINTER(c_void_p), _ERROR),
    "fl_desk_close": (c_void_p,),
    "fl_desk_now": (c_void_p, _INT, _ERROR),
    "fl_desk_set_time": (c_void_p, c_int64, _ERROR),
    "fl_desk_adopt": (c_void_p, *_TEXT, POINTER(c_uint32), _ERROR),
    "fl_desk_execute": (c_void_p, *_TEXT, _OUT, _ERROR),
    "fl_desk_execute_all": (c_void_p, *_TEXT, _OUT, _ERROR),
    "fl_desk_preview": (c_void_p, *_TEXT, _OUT, _ERROR),
    "fl_desk_ticket": (c_void_p, c_uint64, _OUT, _ERROR),
    "fl_desk_tickets": (c_void_p, *_TEXT, _OUT, _ERROR),
    "fl_desk_timeline": (c_void_p, c_uint64, _OUT, _ERROR),
    "fl_desk_timeline_seen_by": (c_void_p, c_uint64, *_TEXT, _OUT, _ERROR),
    "fl_desk_records": (c_void_p, c_uint64, c_size_t, _OUT, _ERROR),
    "fl_desk_explain": (c_void_p, c_uint64, *_TEXT, c_uint32, c_int64, *_TEXT, _OUT, _ERROR),
    "fl_desk_brief": (c_void_p, c_uint64, *_TEXT, _OUT, _ERROR),
    "fl_desk_forecast": (c_void_p, c_uint64, c_int64, _OUT, _ERROR),
    "fl_desk_why_not": (c_void_p, c_uint64, *_TEXT, _OUT, _ERROR),
    "fl_desk_ways": (c_void_p, c_uint64, *_TEXT, *_TEXT, _OUT, _ERROR),
    "fl_desk_form": (c_void_p, c_uint64, *_TEXT, *_TEXT, _OUT, _ERROR),
    "fl_desk_form_of_request": (c_void_p, *_TEXT, *_TEXT, *_TEXT, _OUT, _ERROR),
    "fl_desk_dry_run": (c_void_p, *_TEXT, c_uint64, _OUT, _ERROR),
    "fl_desk_answer": (c_void_p, c_uint64, *_TEXT, *_TEXT, _OUT, _ERROR),
    "fl_desk_answer_page": (c_void_p, c_uint64, *_TEXT, *_TEXT, _OUT, _ERROR),
    "fl_desk_note": (c_void_p, c_uint64, *_TEXT, _ERROR),
    "fl_desk_deflection": (c_void_p, c_int64, c_int64, c_uint64, _OUT, _ERROR),
    "fl_desk_gaps": (c_void_p, c_int64, c_int64, c_uint64, _OUT, _ERROR),
    "fl_desk_party": (c_void_p, *_TEXT, _OUT, _ERROR),
    "fl_desk_find_parties": (c_void_p, *_TEXT, _OUT, _ERROR),
    "fl_desk_search": (c_void_p, *_TEXT, _OUT, _ERROR),
    "fl_desk_suggest": (c_void_p, c_uint64, c_size_t, _OUT, _ERROR),
    "fl_desk_similar": (c_void_p, c_uint64, c_size_t, _OUT, _ERROR),
    "fl_desk_article": (c_void_p, c_uint64, _OUT, _ERROR),
    "fl_desk_read_article": (c_void_p, c_uint64, c_int32, *_TEXT, _OUT, _ERROR),
    "fl_desk_poll_timeout": (c_void_p, _INT, _ERROR),
    "fl_desk_handle_timeout": (c_void_p, c_int64, POINTER(WokenStructure), _ERROR),
    "fl_desk_effects": (c_void_p, c_int64, c_size_t, c_uint64, c_uint32, _OUT, _ERROR),
    "fl_desk_acknowledge": (c_void_p, _COUNT, c_size_t, _COUNT, _ERROR),
    "fl_desk_fail": (c_void_p, c_uint64, c_uint32, *_TEXT, c_int64, c_int64, _ERROR),
    "fl_desk_verify": (c_void_p, _OUT, _ERROR),
    "fl_desk_backup": (c_void_p, *_TEXT, _ERROR),
    "fl_desk_export": (c_void_p, *_TEXT, _OUT, _ERROR),
    "fl_desk_import": (c_void_p, *_TEXT, _OUT, _ERROR),
    "fl_desk_sync": (c_void_p, _ERROR),
    "fl_desk_rulebook": (c_void_p, _OUT, _ERROR),
    "fl_desk_count": (c_void_p, *_TEXT, _COUNT, _ERROR),
    "fl_desk_views": (c_void_p, *_TEXT, _OUT, _ERROR),
    "fl_desk_choose_agent": (c_void_p, c_uint64, _COUNT, c_size_t, *_TEXT, _OUT, _ERROR),
    "fl_desk_check_articles": (c_void_p, _OUT, _ERROR),
    "fl_desk_article_chores": (c_void_p, _OUT, _ERROR),
    "fl_desk_catch_up": (c_void_p, _ERROR),
    "fl_desk_visits": (c_void_p, c_int64, c_int64, _OUT, _ERROR),
    "fl_desk_forget_visits": (c_void_p, c_int64, _COUNT, _ERROR),
    "fl_desk_requeue": (c_void_p, c_uint64, c_int64, _ERROR),
    "fl_desk_open_effects": (c_void_p, c_uint64, c_size_t, _OUT, _ERROR),
    "fl_desk_head": (c_void_p, _OUT, _ERROR),
    "fl_desk_erase": (c_void_p, *_TEXT, c_uint64, _OUT, _ERROR),
    "fl_desk_compact": (c_void_p, _ERROR),
    "fl_desk_rebuild": (c_void_p, _ERROR),
    "fl_desk_calendar": (c_void_p, *_TEXT, POINTER(c_void_p), _ERROR),
    "fl_calendar_from_json": (*_TEXT, POINTER(c_void_p), _ERROR),
    "fl_calendar_add": (c_void_p, c_int64, c_int64, _INT),
    "fl_calendar_between": (c_void_p, c_int64, c_int64, _INT),
    "fl_calendar_is_open": (c_void_p, c_int64, POINTER(c_int32)),
}

# What others give.
_OTHERS: dict[str, tuple[Any, tuple[Any, ...]]] = {
    "fl_version_string": (c_char_p, ()),
    "fl_buffer_free": (None, (_OUT,)),
    "fl_calendar_free": (None, (c_void_p,)),
    "fl_error_free": (None, (c_void_p,)),
    "fl_error_json": (c_char_p, (c_void_p,)),
    "fl_status_name": (c_char_p, (c_int32,)),
}


def _declare(lib: ctypes.CDLL) -> None:
    """Tells ctypes of the functions, after it is known that they are the ones that are meant."""
    version = None
    try:
        lib.fl_abi_version.restype = c_uint32
        abi = lib.fl_abi_version()
        if abi != ABI_VERSION:
            raise ImportError(f"libfirstline has ABI {abi}, this package is for {ABI_VERSION}")
        lib.fl_version_string.restype = c_char_p
        version = lib.fl_version_string()
        for name, (result, arguments) in _OTHERS.items():
            function = getattr(lib, name)
            function.argtypes, function.restype = arguments, result
        for name, arguments in _DECLARED.items():
            function = getattr(lib, name)
            function.argtypes, function.restype = arguments, c_int32
    except AttributeError as error:
        found = "" if version is None else f" {version.decode()}"
        mend = "install the one that this package came with"
        raise ImportError(f"libfirstline{found} is older than this package: {error}; {mend}") from None


_declare(_lib)


def version() -> str:
    """The version of the shared library."""
    return str(_lib.fl_version_string().decode())


def text(value: str | os.PathLike[str] | None) -> tuple[bytes | None, int]:
    """A text or path as the library takes it: bytes and how many."""
    if value is None:
        return None, 0
    data = os.fspath(value).encode()
    return data, len(data)


# ctypes would take the lowest bits of a number that is too large, and ask for another ticket.
_RANGES = {
    c_int32: (-(2**31), 2**31 - 1),
    c_int64: (-(2**63), 2**63 - 1),
    c_size_t: (0, 2 ** (8 * ctypes.sizeof(c_size_t)) - 1),
    c_uint32: (0, 2**32 - 1),
    c_uint64: (0, 2**64 - 1),
}


def number(kind: Any, value: int, what: str) -> int:
    """A number that the library can be told."""
    lowest, highest = _RANGES[kind]
    if not lowest <= value <= highest:
        raise OverflowError(f"{what}: {value} is not from {lowest} to {highest}")
    return value


def numbers(values: Iterable[int]) -> Any:
    """A list of numbers as the library takes it."""
    checked = [number(c_uint64, value, "a number") for value in values]
    return (c_uint64 * len(checked))(*checked)


def _status(name: str, arguments: tuple[Any, ...]) -> int:
    for kind, argument in zip(_DECLARED[name], arguments):
        if kind in _RANGES and isinstance(argument, int):
            number(kind, argument, name)
    return int(getattr(_lib, name)(*arguments))


def call(name: str, *arguments: Any) -> None:
    """Calls a function that has an error as its last argument, and raises what it says."""
    error = c_void_p()
    status = _status(name, (*arguments, byref(error)))
    if status < 0:
        raise _raised(status, error)


def check(name: str, *arguments: Any) -> None:
    """Calls a function that only has a status."""
    status = _status(name, arguments)
    if status < 0:
        raise _raised(status, c_void_p())


def ask(name: str, *arguments: Any) -> Any:
    """Calls a function that answers in JSON."""
    out = Buffer()
    call(name, *arguments, byref(out))
    return json.loads(out.bytes())


def ask_one(name: str, *arguments: Any) -> dict[str, Any]:
    """Calls a function that answers with an object."""
    answer: dict[str, Any] = ask(name, *arguments)
    return answer


def ask_all(name: str, *arguments: Any) -> list[dict[str, Any]]:
    """Calls a function that answers with a list."""
    answer: list[dict[str, Any]] = ask(name, *arguments)
    return answer


def _raised(status: int, error: c_void_p) -> Error:
    told = _lib.fl_error_json(error)
    facts = json.loads(told) if told else {}
    _lib.fl_error_free(error)
    name = _lib.fl_status_name(status).decode()
    return Error.of(status, name, facts.get("message", name), facts.get("detail", {}))
