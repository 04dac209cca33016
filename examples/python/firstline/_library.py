"""The shared library: found, declared, called."""

from __future__ import annotations

import ctypes
import ctypes.util
import json
import os
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

# What a function takes between its handle and its last arguments.
_DECLARED: dict[str, tuple[Any, ...]] = {
    "fl_rulebook_check": (*_TEXT, c_int64, _OUT, _ERROR),
    "fl_restore": (*_TEXT, *_TEXT, _OUT, _ERROR),
    "fl_desk_open": (*_TEXT, *_TEXT, POINTER(Options), POINTER(c_void_p), _ERROR),
    "fl_desk_open_in_memory": (*_TEXT, POINTER(Options), POINTER(c_void_p), _ERROR),
    "fl_desk_close": (c_void_p,),
    "fl_desk_now": (c_void_p, POINTER(c_int64), _ERROR),
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
    "fl_desk_dry_run": (c_void_p, *_TEXT, c_uint64, _OUT, _ERROR),
    "fl_desk_answer": (c_void_p, c_uint64, *_TEXT, *_TEXT, _OUT, _ERROR),
    "fl_desk_note": (c_void_p, c_uint64, *_TEXT, _ERROR),
    "fl_desk_deflection": (c_void_p, c_int64, c_int64, c_uint64, _OUT, _ERROR),
    "fl_desk_gaps": (c_void_p, c_int64, c_int64, c_uint64, _OUT, _ERROR),
    "fl_desk_party": (c_void_p, *_TEXT, _OUT, _ERROR),
    "fl_desk_find_parties": (c_void_p, *_TEXT, _OUT, _ERROR),
    "fl_desk_search": (c_void_p, *_TEXT, _OUT, _ERROR),
    "fl_desk_suggest": (c_void_p, c_uint64, c_size_t, _OUT, _ERROR),
    "fl_desk_similar": (c_void_p, c_uint64, c_size_t, _OUT, _ERROR),
    "fl_desk_article": (c_void_p, c_uint64, _OUT, _ERROR),
    "fl_desk_poll_timeout": (c_void_p, POINTER(c_int64), _ERROR),
    "fl_desk_handle_timeout": (c_void_p, c_int64, POINTER(WokenStructure), _ERROR),
    "fl_desk_effects": (c_void_p, c_int64, c_size_t, c_uint64, c_uint32, _OUT, _ERROR),
    "fl_desk_acknowledge": (c_void_p, POINTER(c_uint64), c_size_t, POINTER(c_uint64), _ERROR),
    "fl_desk_fail": (c_void_p, c_uint64, c_uint32, *_TEXT, c_int64, c_int64, _ERROR),
    "fl_desk_verify": (c_void_p, _OUT, _ERROR),
    "fl_desk_backup": (c_void_p, *_TEXT, _ERROR),
    "fl_desk_export": (c_void_p, *_TEXT, _OUT, _ERROR),
    "fl_desk_import": (c_void_p, *_TEXT, _OUT, _ERROR),
    "fl_desk_calendar": (c_void_p, *_TEXT, POINTER(c_void_p), _ERROR),
    "fl_calendar_from_json": (*_TEXT, POINTER(c_void_p), _ERROR),
    "fl_calendar_add": (c_void_p, c_int64, c_int64, POINTER(c_int64)),
    "fl_calendar_between": (c_void_p, c_int64, c_int64, POINTER(c_int64)),
    "fl_calendar_is_open": (c_void_p, c_int64, POINTER(c_int32)),
}

for _name, _arguments in _DECLARED.items():
    _function = getattr(_lib, _name)
    _function.argtypes, _function.restype = _arguments, c_int32
_lib.fl_buffer_free.argtypes, _lib.fl_buffer_free.restype = (_OUT,), None
_lib.fl_calendar_free.argtypes, _lib.fl_calendar_free.restype = (c_void_p,), None
_lib.fl_error_free.argtypes, _lib.fl_error_free.restype = (c_void_p,), None
_lib.fl_error_json.argtypes, _lib.fl_error_json.restype = (c_void_p,), c_char_p
_lib.fl_status_name.argtypes, _lib.fl_status_name.restype = (c_int32,), c_char_p
_lib.fl_version_string.restype = c_char_p
_lib.fl_abi_version.restype = c_uint32

if _lib.fl_abi_version() != ABI_VERSION:
    raise ImportError(f"libfirstline has ABI {_lib.fl_abi_version()}, this package is for {ABI_VERSION}")


def version() -> str:
    """The version of the shared library."""
    return _lib.fl_version_string().decode()


def text(value: str | None) -> tuple[bytes | None, int]:
    """A text as the library takes it: bytes and how many."""
    if value is None:
        return None, 0
    data = value.encode()
    return data, len(data)


def call(name: str, *arguments: Any) -> None:
    """Calls a function that has an error as its last argument, and raises what it says."""
    error = c_void_p()
    status = getattr(_lib, name)(*arguments, byref(error))
    if status < 0:
        raise _raised(status, error)


def check(name: str, *arguments: Any) -> None:
    """Calls a function that only has a status."""
    status = getattr(_lib, name)(*arguments)
    if status < 0:
        raise _raised(status, c_void_p())


def ask(name: str, *arguments: Any) -> Any:
    """Calls a function that answers in JSON."""
    out = Buffer()
    call(name, *arguments, byref(out))
    return json.loads(out.bytes())


def _raised(status: int, error: c_void_p) -> Error:
    told = _lib.fl_error_json(error)
    facts = json.loads(told) if told else {}
    _lib.fl_error_free(error)
    name = _lib.fl_status_name(status).decode()
    return Error.of(status, name, facts.get("message", name), facts.get("detail", {}))
