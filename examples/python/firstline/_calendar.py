"""Working time."""

from __future__ import annotations

import json
from ctypes import byref, c_int32, c_int64, c_void_p
from datetime import datetime, timedelta
from typing import Any

from ._library import _lib, call, check, text
from ._values import if_any, millis

_MILLISECOND = timedelta(milliseconds=1)


class Calendar:
    """Working hours in a time zone, in the form that rulebooks have them.

    >>> office = Calendar({"time_zone": "Europe/Berlin", "weekly": {"mon-fri": ["09:00-17:00"]}})
    """

    def __init__(self, hours: dict[str, Any]) -> None:
        handle = c_void_p()
        call("fl_calendar_from_json", *text(json.dumps(hours)), byref(handle))
        self._handle = handle

    @classmethod
    def _of(cls, handle: c_void_p) -> Calendar:
        calendar = cls.__new__(cls)
        calendar._handle = handle
        return calendar

    def __del__(self) -> None:
        _lib.fl_calendar_free(getattr(self, "_handle", None))

    def add(self, at: datetime, work: timedelta) -> datetime | None:
        """When so much working time has passed; None if there is no more of it before the year 10000."""
        out = c_int64()
        check("fl_calendar_add", self._handle, millis(at), work // _MILLISECOND, byref(out))
        return if_any(out.value)

    def between(self, start: datetime, end: datetime) -> timedelta:
        """The working time from one moment to another."""
        out = c_int64()
        check("fl_calendar_between", self._handle, millis(start), millis(end), byref(out))
        return out.value * _MILLISECOND

    def is_open(self, at: datetime) -> bool:
        """Whether it is open at a moment."""
        out = c_int32()
        check("fl_calendar_is_open", self._handle, millis(at), byref(out))
        return bool(out.value)
