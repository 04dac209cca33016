/*
 * firstline, the help desk without the server: the C interface.
 *
 * Made from the Rust sources of the library; do not edit. Licence: MIT or Apache-2.0.
 *
 *     fl_desk *desk = NULL;
 *     fl_error *error = NULL;
 *     fl_buffer out = {0};
 *     if (fl_desk_open("support", FL_NTS, rules, FL_NTS, NULL, &desk, &error) != FL_STATUS_OK) {
 *         fprintf(stderr, "%s\n", fl_error_message(error));
 *         fl_error_free(error);
 *         return 1;
 *     }
 *     if (fl_desk_search(desk, "{\"text\":\"my printer is not printing\"}", FL_NTS, &out, NULL) ==
 *         FL_STATUS_OK) {
 *         puts(out.data);
 *     }
 *     fl_buffer_free(&out);
 *     fl_desk_close(desk);
 *
 * What holds for all functions:
 *
 * - Handles (fl_desk, fl_calendar, fl_hits, fl_error) are opaque. Whoever got one frees it, with the
 *   function that its type names. One that is null, was freed or never was one is a status and no
 *   crash; it is never followed, and no handle is given twice.
 * - A text is a pointer and a length in bytes, UTF-8. FL_NTS as the length: it ends at its first NUL.
 *   What is handed in is not kept after the call, but for the pointers in fl_desk_options that say so.
 * - An answer goes into an fl_buffer of the caller's. Begin with zeros, hand it in as often as you
 *   like, free it with fl_buffer_free. What the library made is freed by the library, never by free().
 * - A function that can fail returns an fl_status. On failure it writes nothing but *error, which is
 *   then the caller's to free; error may be null. On success *error is untouched: set it to null first.
 * - Each function names the errors of its own. Every call may end with FL_STATUS_ARGUMENT for null,
 *   FL_STATUS_NOT_UTF8 for a text, FL_STATUS_CLOSED for a handle, FL_STATUS_REENTRANT within a callback,
 *   FL_STATUS_BUG. Those of the disk are FL_STATUS_STORE, _DISK_FULL, _BUSY, _DAMAGED and _FILE.
 * - A pointer to which something is written may not be null, unless it is said that it may.
 * - Moments are milliseconds since 1970 (UTC), FL_NEVER is none. Ids are numbers from 1.
 * - Any thread may call any function on any handle, calls may overlap, and any thread may close, which
 *   waits for the others. Only an fl_buffer is for one thread at a time. Commands follow one after the other, questions run beside
 *   them. Nothing is called back from a thread of the library's own. It has some only
 *   while it writes what it searches, within a call and for a moment after it.
 * - Do not use a handle in a child after fork(), and do not open the file of a desk with another SQLite
 *   in the same process: closing that one would drop the locks of this one.
 * - A panic does not cross: it is FL_STATUS_BUG, what was begun is rolled back, and the desk goes on.
 * - Statuses, fields of JSON answers and functions get more. Treat what you do not know as you would
 *   have before.
 * - In share/firstline are JSON Schemas: command.json of commands, questions.json and answers.json of
 *   the rest, rulebook.json of rules.
 */

#ifndef FIRSTLINE_H
#define FIRSTLINE_H

/* Readers of declarations alone, such as cffi, do without: gcc -E -P -DFL_NO_INCLUDES firstline.h
 * They see no macro either, so the same numbers are constants for them. */
#ifndef FL_NO_INCLUDES
#include <stddef.h>
#include <stdint.h>

/* In place of a length: the text ends at its first NUL. */
#define FL_NTS ((size_t)-1)

/* In place of a moment: there is none. */
#define FL_NEVER INT64_MAX
#else
enum { FL_NTS = __SIZE_MAX__ };
enum { FL_NEVER = __INT64_MAX__ };
@CONSTANTS@
#endif
