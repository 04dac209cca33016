"""The header as cffi reads it, without edits: with_cffi.py HEADER FOLDER"""

import json
import os
import subprocess
import sys
from pathlib import Path

from cffi import FFI

header, folder = sys.argv[1:]
ffi = FFI()
declared = subprocess.run(
    ["cc", "-E", "-P", "-DFL_NO_INCLUDES", "-x", "c", header], check=True, capture_output=True, text=True
)
ffi.cdef(declared.stdout)
lib = ffi.dlopen(os.environ["FIRSTLINE_LIBRARY"])
here = Path(__file__).parent
rules = (here / "story.toml").read_bytes()
checks = 0


def check(holds, what):
    global checks
    checks += 1
    assert holds, what


def ask(function, *arguments):
    out, error = ffi.new("fl_buffer *"), ffi.new("fl_error **")
    status = function(*arguments, out, error)
    if status != lib.FL_STATUS_OK:
        message = ffi.string(lib.fl_error_message(error[0])).decode()
        lib.fl_error_free(error[0])
        raise RuntimeError(message)
    answer = json.loads(bytes(ffi.buffer(out.data, out.length)))
    lib.fl_buffer_free(out)
    return answer


options = ffi.new("fl_desk_options *")
options.struct_size, options.abi_version = ffi.sizeof("fl_desk_options"), lib.FL_ABI_VERSION
options.clock, options.now_ms = lib.FL_CLOCK_HOST, 1772442000000
check(lib.fl_abi_version() == lib.FL_ABI_VERSION, "the header is of another library")
numbers = (lib.FL_VERSION_MAJOR, lib.FL_VERSION_MINOR, lib.FL_VERSION_PATCH)
version = ".".join(map(str, numbers))
check(ffi.string(lib.fl_version_string()).decode() == version, version)
told = []


@ffi.callback("void(void *)")
def on_effects(_user):
    told.append(True)


options.effects = on_effects
place = ffi.new("fl_desk **")
name = folder.encode()
status = lib.fl_desk_open(name, lib.FL_NTS, rules, len(rules), options, place, ffi.NULL)
check(status == lib.FL_STATUS_OK, status)
desk = place[0]
refused = 0
for line in (here / "story.jsonl").read_bytes().splitlines():
    try:
        ask(lib.fl_desk_execute, desk, line, len(line))
    except RuntimeError as error:
        check(str(error) == "there is no ticket #9", error)
        refused += 1
check(refused == 1, refused)
check(told, "nobody was told of effects")
timeline = ask(lib.fl_desk_timeline, desk, 2)
check(timeline[0]["stream"] == {"ticket": 2}, timeline[0])
question = '{"filter": "printing -blank", "seen_by": "contact"}'.encode()
page = ask(lib.fl_desk_tickets, desk, question, len(question))
check([ticket["number"] for ticket in page["tickets"]] == [1], page)
check(page["words"] == ["printing", "-blank"], page["words"])
account = ask(lib.fl_desk_explain, desk, 2, b"first_reply", lib.FL_NTS, 0, lib.FL_NEVER, ffi.NULL, 0)
check(account["is_missed"], account)
hits = ffi.new("fl_hits **")
status = lib.fl_desk_search_hits(desk, b"printers", 8, ffi.NULL, 0, lib.FL_AUDIENCE_PUBLIC, 5, hits, ffi.NULL)
hit = ffi.new("fl_hit *")
check(status == lib.FL_STATUS_OK and lib.fl_hits_next(hits[0], hit) == lib.FL_STATUS_OK, status)
check(ffi.string(hit.title) == b"The printer does not print", ffi.string(hit.title))
lib.fl_hits_free(hits[0])
proof = ask(lib.fl_desk_verify, desk)
check(proof["records"] == timeline[-1]["seq"], proof)
check(lib.fl_desk_close(desk) == lib.FL_STATUS_OK, "close")
check(lib.fl_desk_close(desk) == lib.FL_STATUS_CLOSED, "closed twice")
print(f"with_cffi: {checks} checks, 0 failed")
