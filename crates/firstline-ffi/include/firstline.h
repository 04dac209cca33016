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
enum { FL_ABI_VERSION = 1, FL_VERSION_MAJOR = 0, FL_VERSION_MINOR = 1, FL_VERSION_PATCH = 0 };
#endif

/* The version of this header; fl_version() is that of the library. */
#define FL_VERSION_MAJOR 0
#define FL_VERSION_MINOR 1
#define FL_VERSION_PATCH 0


// The binary interface of this header, for `fl_desk_options.abi_version`.
#define FL_ABI_VERSION 1

// Who must act upon a status.
enum fl_responsible
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : int32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
    // Nobody: it is no error.
    FL_RESPONSIBLE_NOBODY = 0,
    // Whoever made the call.
    FL_RESPONSIBLE_CALLER = 1,
    // Whoever wrote the rulebook or calendar.
    FL_RESPONSIBLE_AUTHOR = 2,
    // Whoever looks after the disk and its files.
    FL_RESPONSIBLE_OPERATOR = 3,
    // Whoever writes firstline.
    FL_RESPONSIBLE_LIBRARY = 4,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum fl_responsible fl_responsible;
#else
typedef int32_t fl_responsible;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

// How a call ended. 0 is good, above it is good news with a nuance, below it is an error. The
// hundred says who must act: see `fl_status_responsible`.
//
// A number is never given a second meaning. New ones come: treat one that you do not know like
// any other error of its hundred.
enum fl_status
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : int32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
    // It is done.
    FL_STATUS_OK = 0,
    // There is nothing more to come from this iterator.
    FL_STATUS_END = 1,
    // A rule of the desk is against the command. Nothing was changed.
    FL_STATUS_REFUSED = -100,
    // What the command is about went on since the caller looked. Look again, decide anew.
    FL_STATUS_CONFLICT = -101,
    // There is nothing of the name or number that was given: no ticket, article, party, line, clock,
    // macro, calendar. The `kind` of the error says what.
    FL_STATUS_NOT_FOUND = -102,
    // An argument that cannot be: null, too long, out of range.
    FL_STATUS_ARGUMENT = -103,
    // A text that is not UTF-8.
    FL_STATUS_NOT_UTF8 = -104,
    // JSON that cannot be read, or says what nobody asked for.
    FL_STATUS_BAD_JSON = -105,
    // A filter, a cursor or a search that cannot be read, or a page behind the last one.
    FL_STATUS_BAD_QUERY = -106,
    // The handle is not open: it was closed, or never came from this library.
    FL_STATUS_CLOSED = -107,
    // The caller was compiled against another binary interface than this library has.
    FL_STATUS_ABI = -108,
    // A callback of a desk called the library.
    FL_STATUS_REENTRANT = -109,
    // There is something at the place to be written already.
    FL_STATUS_FILE_EXISTS = -110,
    // An export, a signature or a name of a source that is none, or is of another desk.
    FL_STATUS_BAD_INPUT = -111,
    // The rulebook or the calendar has mistakes.
    FL_STATUS_RULEBOOK = -200,
    // The journal cannot be read or written.
    FL_STATUS_STORE = -300,
    // The disk is full.
    FL_STATUS_DISK_FULL = -301,
    // Another writer has kept the journal for too long. Try again.
    FL_STATUS_BUSY = -302,
    // The journal says what cannot be: it was altered, or the disk was.
    FL_STATUS_DAMAGED = -303,
    // The search index cannot be read or written. No article is lost by that.
    FL_STATUS_INDEX = -304,
    // A folder or file cannot be made, read or written.
    FL_STATUS_FILE = -305,
    // A bug of firstline. What was begun was rolled back; the desk can still be used.
    FL_STATUS_BUG = -400,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum fl_status fl_status;
#else
typedef int32_t fl_status;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

// How much a line of the log matters.
enum fl_log_level
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : int32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
    // Nothing is logged.
    FL_LOG_LEVEL_OFF = 0,
    // A bug of firstline.
    FL_LOG_LEVEL_ERROR = 1,
    // The disk, or a rulebook that has mistakes.
    FL_LOG_LEVEL_WARN = 2,
    // A desk was opened or closed, rules came into force.
    FL_LOG_LEVEL_INFO = 3,
    // A call was refused or misused.
    FL_LOG_LEVEL_DEBUG = 4,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum fl_log_level fl_log_level;
#else
typedef int32_t fl_log_level;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

// Who may see what is searched for.
enum fl_audience
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : int32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
    // What everybody may see.
    FL_AUDIENCE_PUBLIC = 0,
    // What contacts of the desk may see.
    FL_AUDIENCE_CUSTOMER = 1,
    // What agents may see.
    FL_AUDIENCE_INTERNAL = 2,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum fl_audience fl_audience;
#else
typedef int32_t fl_audience;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

// Where a desk gets the time from, when a command or question does not bring it.
enum fl_clock
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : int32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
    // From the operating system.
    FL_CLOCK_SYSTEM = 0,
    // From the host: it stands at `now_ms` until `fl_desk_set_time`. For tests and replays.
    FL_CLOCK_HOST = 1,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum fl_clock fl_clock;
#else
typedef int32_t fl_clock;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

// What an acknowledged command has survived.
enum fl_durability
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : int32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
    // A power cut.
    FL_DURABILITY_FULL = 0,
    // The end of the process. `fl_desk_sync` brings everything so far to the disk: for imports.
    FL_DURABILITY_BATCH = 1,
    // Nothing until `fl_desk_sync`: for desks that can be made again from something else.
    FL_DURABILITY_NONE = 2,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum fl_durability fl_durability;
#else
typedef int32_t fl_durability;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

// Working hours in a time zone, compiled. Made by `fl_calendar_from_json` or `fl_desk_calendar`, freed
// by `fl_calendar_free`. It never changes.
typedef struct fl_calendar fl_calendar;

// An open desk. Made by `fl_desk_open` or `fl_desk_open_in_memory`, closed by `fl_desk_close`.
typedef struct fl_desk fl_desk;

// What went wrong. Made by a failing call, freed with `fl_error_free`.
typedef struct fl_error fl_error;

// Articles that were found. Made by `fl_desk_search_hits`, freed by `fl_hits_free`.
typedef struct fl_hits fl_hits;

// Bytes that the library made for the caller: texts as UTF-8, with a NUL behind the last byte that
// `length` does not count.
//
// Begin with zeros. Hand the same one in again and its memory is used again; free it with
// `fl_buffer_free`, and with nothing else. Do not write to its fields. One thread at a time.
typedef struct fl_buffer {
    // The bytes; null while there are none.
    char *data;
    // How many there are, without the NUL.
    size_t length;
    // How many there is room for.
    size_t capacity;
} fl_buffer;

// Takes a line of the log: UTF-8, NUL-terminated, `length` bytes without the NUL, gone when the
// call returns.
//
// It runs on whatever thread made the call that is told of, before that call returns, and may run
// on several threads at once. It must come back by returning: no `longjmp`, no exception. It must
// not call functions of a desk: those answer `FL_STATUS_REENTRANT` meanwhile.
typedef void (*fl_log_fn)(void *user, fl_log_level level, const char *line, size_t length);

// Hears that the host has something new to do: see `fl_desk_effects`.
//
// It runs on the thread of the call that made it so, after that is on disk and before that call
// returns, and may run on several threads at once. The rules of `fl_log_fn` hold: set a flag, write
// to a pipe, wake a worker, and let that ask for the effects.
typedef void (*fl_effects_fn)(void *user);

// How a desk is opened. Set all of it to zero, then `struct_size` and `abi_version`, then what is
// to be other than usual: zero is the usual everywhere.
//
// It may get longer in later versions. A library accepts a shorter one, and a longer one as long as
// what it does not know is zero.
typedef struct fl_desk_options {
    // `sizeof(fl_desk_options)`.
    uint32_t struct_size;
    // `FL_ABI_VERSION`.
    uint32_t abi_version;
    // An `fl_durability`.
    int32_t durability;
    // An `fl_clock`.
    int32_t clock;
    // Where a clock of the host's stands at first, in milliseconds since 1970.
    int64_t now_ms;
    // For how long the keys of commands are remembered, in milliseconds; 0 for ever.
    int64_t remember_commands_ms;
    // How long to wait for a writer in another process, in milliseconds, at most 2,147,483,647; 0 for the
    // usual 5,000.
    int64_t patience_ms;
    // Takes the log, or null.
    fl_log_fn log;
    // Handed to `log`. It must live until `fl_desk_close` has returned.
    void *log_user;
    // The last `fl_log_level` that is logged.
    int32_t log_level;
    // The share of visitors, in percent, whom `fl_desk_answer` shows nothing, so that it can be told what
    // answers are worth.
    uint32_t hold_out_percent;
    // Hears of new effects, or null.
    fl_effects_fn effects;
    // Handed to `effects`. It must live until `fl_desk_close` has returned.
    void *effects_user;
} fl_desk_options;

// An article that was found. Its texts are UTF-8, NUL-terminated, and live until `fl_hits_free`.
typedef struct fl_hit {
    // Its number.
    uint64_t article;
    // How well it fits beside the other hits of the same search: above 0, at most 1.
    float score;
    // Zero.
    uint32_t reserved;
    // Its title.
    const char *title;
    // How many bytes that are.
    size_t title_length;
    // The part of its text that has most to do with the question, as its author wrote it.
    const char *snippet;
    // How many bytes that are.
    size_t snippet_length;
    // Its language, such as `en`.
    const char *language;
    // How many bytes that are.
    size_t language_length;
} fl_hit;

// What a wake-up did.
typedef struct fl_woken {
    // How many tickets had something due.
    uint64_t tickets;
    // How many records that made.
    uint64_t records;
    // When to wake the desk again, in milliseconds since 1970; `FL_NEVER` if nothing is due until
    // something happens.
    int64_t next_ms;
} fl_woken;

#ifdef __cplusplus
extern "C" {
#endif // __cplusplus

// The version as one number: major * 1,000,000 + minor * 1,000 + patch.
//
// Threads: any. Since 0.1.
uint32_t fl_version(void);

// The version as text, such as `0.1.0`: NUL-terminated, never freed.
//
// Threads: any. Since 0.1.
const char *fl_version_string(void);

// The binary interface of the library: compare it with `FL_ABI_VERSION` of the header.
//
// Threads: any. Since 0.1.
uint32_t fl_abi_version(void);

// The name of a status, such as `refused`: NUL-terminated, never freed. `unknown` for a number
// that this version does not know.
//
// Threads: any. Since 0.1.
const char *fl_status_name(int32_t status);

// Who must act upon a status, be it one of a later version.
//
// Threads: any. Since 0.1.
fl_responsible fl_status_responsible(int32_t status);

// The status of an error, the same that the call returned; `FL_STATUS_OK` for null,
// `FL_STATUS_CLOSED` for one that was freed.
//
// Threads: any. Since 0.1.
fl_status fl_error_status(const struct fl_error *error);

// What went wrong, for people: UTF-8, NUL-terminated, alive until the error is freed. Null for null
// and for an error that was freed.
//
// Threads: any. Since 0.1.
const char *fl_error_message(const struct fl_error *error);

// What went wrong, for programs, as JSON: `status`, `name`, `responsible`, `message`, and a
// `detail`. That has the `kind` always, and what else there is to know: the `refusal` itself with what
// was found and what would be allowed, the `argument`, the `path` in a JSON text, `line` and `column` or
// `byte`, the `record` that is damaged, the `findings` in a rulebook. Lifetime and null as for
// `fl_error_message`.
//
// Threads: any. Since 0.1.
const char *fl_error_json(const struct fl_error *error);

// Frees an error. Null is fine, and so is one that was freed already.
//
// Threads: any. Since 0.1.
void fl_error_free(struct fl_error *error);

// Frees what is in a buffer and leaves it empty, so that it can be used again or freed again. Null
// is fine.
//
// Threads: any, one at a time for each buffer. Since 0.1.
void fl_buffer_free(struct fl_buffer *buffer);

// Checks a rulebook, TOML or JSON, without a desk.
//
// If it can be worked by, `out` gets what its author may want to know all the same, as a JSON list
// of findings that is often empty: `severity`, `file`, `line`, `path`, `problem`, `mend`. `now_ms`
// is for what has passed by then.
//
// Errors: `FL_STATUS_RULEBOOK` if it cannot; the JSON of the error has the findings then. Threads: any. Since 0.1.
fl_status fl_rulebook_check(const char *source,
                            size_t source_length,
                            int64_t now_ms,
                            struct fl_buffer *out,
                            struct fl_error **error);

// Puts other rules into force, TOML or JSON, and writes the number of their version to `*version`,
// which may be null. Promises that were made stay as they were made. Rules that are in force already
// keep their number.
//
// This handle works by them from now on. Others that are open on the folder, in this process or another,
// go on by their own until they adopt them or are opened with them.
//
// Errors: `FL_STATUS_RULEBOOK`, and those of the disk. Threads: any. Since 0.1.
fl_status fl_desk_adopt(const struct fl_desk *desk,
                        const char *rules,
                        size_t rules_length,
                        uint32_t *version,
                        struct fl_error **error);

// The rules that this handle works by: `{"version", "name", "source"}`, and what `fl_rulebook_check`
// finds in them. Those that it was opened with have the number that they are going to have, before the
// first command brings them into force.
//
// Errors: those of the disk. Threads: any. Since 0.1.
fl_status fl_desk_rulebook(const struct fl_desk *desk,
                           struct fl_buffer *out,
                           struct fl_error **error);

// Plays the tickets of the last `records` records again under other rules, TOML or JSON, and tells what
// would be different: `{"tickets", "same", "cut", "differences"}`. Nothing is changed by it.
//
// Errors: `FL_STATUS_RULEBOOK`, and those of the disk. Threads: any. Since 0.1.
fl_status fl_desk_dry_run(const struct fl_desk *desk,
                          const char *rules,
                          size_t rules_length,
                          uint64_t records,
                          struct fl_buffer *out,
                          struct fl_error **error);

// Opens the desk in a folder, which is made if it is not there, under a rulebook, TOML or JSON.
// Options may be null.
//
// `*desk` is a handle of its own, to be given to `fl_desk_close`. Any number of handles and
// processes may have the same folder open. Do not open the file in it with another SQLite in the
// same process, and do not use a handle in a child after `fork`.
//
// Nothing is recorded by opening. Rules whose text differs from those that were adopted last come into
// force with the first command that is carried out, as a new version. Each handle works by its own
// rules, those that it was opened with or has adopted last, whatever others on the folder adopt
// meanwhile: open all of them with the same text, or adopt it with each.
//
// Errors: `FL_STATUS_RULEBOOK`; `FL_STATUS_FILE`, `FL_STATUS_STORE`, `FL_STATUS_INDEX` and others of the
// disk; `FL_STATUS_ARGUMENT` for a folder without a name or an option that cannot be; `FL_STATUS_ABI`.
// Threads: any. Since 0.1.
fl_status fl_desk_open(const char *folder,
                       size_t folder_length,
                       const char *rules,
                       size_t rules_length,
                       const struct fl_desk_options *options,
                       struct fl_desk **desk,
                       struct fl_error **error);

// Opens a desk that forgets everything when it is closed: for tests. Otherwise like `fl_desk_open`; of
// the options, those that are about the disk count for nothing.
//
// Errors: `FL_STATUS_RULEBOOK`, `FL_STATUS_ARGUMENT`, `FL_STATUS_ABI`. Threads: any. Since 0.1.
fl_status fl_desk_open_in_memory(const char *rules,
                                 size_t rules_length,
                                 const struct fl_desk_options *options,
                                 struct fl_desk **desk,
                                 struct fl_error **error);

// Closes a desk. Null is fine.
//
// Calls that are under way on other threads end as if it were open, and this waits for them: when it
// has returned, its files are closed and nothing is called back any more, so that what `log_user` and
// `effects_user` point to can be freed. So a callback must not wait for a thread that closes its desk.
//
// Errors: `FL_STATUS_CLOSED` for one that is not open, which does no harm; `FL_STATUS_REENTRANT` within a
// callback, and it stays open then. Threads: any. Since 0.1.
fl_status fl_desk_close(struct fl_desk *desk);

// What time it is by the desk's own clock, in milliseconds since 1970.
//
// Errors: those of every call. Threads: any. Since 0.1.
fl_status fl_desk_now(const struct fl_desk *desk, int64_t *now_ms, struct fl_error **error);

// Sets the clock of a desk that was opened with `FL_CLOCK_HOST`. It may step back: no record does.
//
// Errors: `FL_STATUS_ARGUMENT` for a desk with another clock, or what is no moment. Threads: any. Since 0.1.
fl_status fl_desk_set_time(const struct fl_desk *desk,
                           int64_t now_ms,
                           struct fl_error **error);

// Brings to the disk all that was acknowledged so far: for desks that were opened with another
// durability than `FL_DURABILITY_FULL`.
//
// Errors: those of the disk. Threads: any. Since 0.1.
fl_status fl_desk_sync(const struct fl_desk *desk, struct fl_error **error);

// Carries out one command. When this returns `FL_STATUS_OK`, it is on disk with all that followed
// from it.
//
// The command is JSON, such as `{"actor":{"contact":1},"action":{"open":{...}}}`;
// `share/firstline/command.json` is its schema. With an `"id"` of the caller's (a UUID) it can be sent again if
// no answer came: the first receipt is returned and nothing is done.
//
// `out` gets the receipt: `{"stream":{"ticket":1},"version":3,"events":3,"seq":9,"at":1772442000000}`.
//
// Errors: `FL_STATUS_BAD_JSON`; `FL_STATUS_REFUSED`, `FL_STATUS_CONFLICT` or `FL_STATUS_NOT_FOUND` if
// a rule is against it; those of the disk. Nothing was changed then. Threads: any; those that call at
// once share their commits. Since 0.1.
fl_status fl_desk_execute(const struct fl_desk *desk,
                          const char *command,
                          size_t command_length,
                          struct fl_buffer *out,
                          struct fl_error **error);

// Carries out a JSON list of commands in one commit, each seeing what the ones before it did.
//
// `out` gets a list of as many outcomes: `{"receipt":{...}}`, or `{"refused":{...}}` with `status`,
// `kind`, `message` and the `refusal` itself for one that changed nothing. So this is `FL_STATUS_OK` even if all of them
// were refused.
//
// Errors: `FL_STATUS_BAD_JSON`, those of the disk. None was carried out then. Threads: any. Since 0.1.
fl_status fl_desk_execute_all(const struct fl_desk *desk,
                              const char *commands,
                              size_t commands_length,
                              struct fl_buffer *out,
                              struct fl_error **error);

// What a command would record, as a JSON list of records, without recording it.
//
// Errors: those of `fl_desk_execute`. Threads: any. Since 0.1.
fl_status fl_desk_preview(const struct fl_desk *desk,
                          const char *command,
                          size_t command_length,
                          struct fl_buffer *out,
                          struct fl_error **error);

// A ticket as it is: `{"number", "version", "seq", "due", "ticket"}`. `due` is when the first of its
// running promises is due, or null.
//
// Errors: `FL_STATUS_NOT_FOUND`, those of the disk. Threads: any. Since 0.1.
fl_status fl_desk_ticket(const struct fl_desk *desk,
                         uint64_t ticket,
                         struct fl_buffer *out,
                         struct fl_error **error);

// Tickets that match, sorted and a page at a time: `{"tickets", "next", "words"}`.
//
// The question is JSON, or null for the newest: `{"filter": "status:open priority>=high due<2h",
// "me": 7, "now": 1772442000000, "time_zone": "Europe/Berlin", "sort": "due", "after": "...",
// "limit": 50}`, all of it optional. `me`, `now` and `time_zone` say what the filter means by these
// words and by its dates; `sort` is `newest`, `due`, `priority` or `updated`; `after` is the `next` of
// the page before. `words` are those of the filter that stand beside its fields: tickets are found
// in whose conversations they are. With `"seen_by": "contact"` the desk's own notes are not searched.
// A `limit` is taken as at least 1 and at most 1,000; 50 if nothing is said.
//
// Errors: `FL_STATUS_BAD_QUERY` for a filter, a time zone or an `after` that is none;
// `FL_STATUS_BAD_JSON`; `FL_STATUS_INDEX` for words; those of the disk. Threads: any. Since 0.1.
fl_status fl_desk_tickets(const struct fl_desk *desk,
                          const char *question,
                          size_t question_length,
                          struct fl_buffer *out,
                          struct fl_error **error);

// How many tickets match a question of `fl_desk_tickets`, on all its pages.
//
// Errors: those of `fl_desk_tickets`. Threads: any. Since 0.1.
fl_status fl_desk_count(const struct fl_desk *desk,
                        const char *question,
                        size_t question_length,
                        uint64_t *count,
                        struct fl_error **error);

// The views of the rulebook as a JSON list of `{"name", "filter", "tickets"}`, for whoever asks: the
// question is as for `fl_desk_tickets`, of which `me`, `now` and `time_zone` count.
//
// Errors: those of `fl_desk_tickets`. Threads: any. Since 0.1.
fl_status fl_desk_views(const struct fl_desk *desk,
                        const char *question,
                        size_t question_length,
                        struct fl_buffer *out,
                        struct fl_error **error);

// All that happened to a ticket, oldest first, as a JSON list of records.
//
// Errors: `FL_STATUS_NOT_FOUND`, those of the disk. Threads: any. Since 0.1.
fl_status fl_desk_timeline(const struct fl_desk *desk,
                           uint64_t ticket,
                           struct fl_buffer *out,
                           struct fl_error **error);

// What somebody sees of what happened to a ticket, oldest first: `[{"seq", "by", "event"}]`. `role` is
// `contact` for who asks for help, who sees no notes and nothing of how the desk works, or `agent`.
//
// Errors: `FL_STATUS_NOT_FOUND`, `FL_STATUS_ARGUMENT` for another role, those of the disk. Threads: any. Since 0.1.
fl_status fl_desk_timeline_seen_by(const struct fl_desk *desk,
                                   uint64_t ticket,
                                   const char *role,
                                   size_t role_length,
                                   struct fl_buffer *out,
                                   struct fl_error **error);

// Records of the whole desk after record `after`, oldest first, at most `limit` and at most 10,000, as a
// JSON list: the feed that a host follows. `after` is the `seq` of the last one it has seen, 0 for none.
//
// Errors: those of the disk. Threads: any. Since 0.1.
fl_status fl_desk_records(const struct fl_desk *desk,
                          uint64_t after,
                          size_t limit,
                          struct fl_buffer *out,
                          struct fl_error **error);

// The account of one promise: where its time went, span by span, why, and what would have kept it. Its
// `text` says it in words.
//
// `clock` is such as `first_reply` or `ola.line_time`; `cycle` its run from 1, 0 for the last; `at_ms`
// the moment at which it is looked at, at most ten years ahead, `FL_NEVER` for now; `language` `en` or
// `ru`, null for `en`.
//
// Errors: `FL_STATUS_NOT_FOUND` for a ticket or clock; `FL_STATUS_ARGUMENT` for what is no clock, no
// language or no such moment; those of the disk. Threads: any. Since 0.1.
fl_status fl_desk_explain(const struct fl_desk *desk,
                          uint64_t ticket,
                          const char *clock,
                          size_t clock_length,
                          uint32_t cycle,
                          int64_t at_ms,
                          const char *language,
                          size_t language_length,
                          struct fl_buffer *out,
                          struct fl_error **error);

// The four things that a customer is to be told of a ticket: what it costs, what is being done, what
// comes next, when it will be done. `text` says them in the language, `en` or `ru`, null for `en`.
//
// Errors: `FL_STATUS_NOT_FOUND`, `FL_STATUS_ARGUMENT` for another language, those of the disk. Threads: any. Since 0.1.
fl_status fl_desk_brief(const struct fl_desk *desk,
                        uint64_t ticket,
                        const char *language,
                        size_t language_length,
                        struct fl_buffer *out,
                        struct fl_error **error);

// What a ticket will do by itself until `until_ms`, if nothing happens: when it warns, breaks its
// promises, climbs its ladders, rings for whom. `{"nothing_before", "events", "is_cut"}`: at most some
// thousand events, and whether more follow. Nothing is changed by asking.
//
// Errors: `FL_STATUS_NOT_FOUND`, `FL_STATUS_ARGUMENT` for what is no moment, those of the disk. Threads: any. Since 0.1.
fl_status fl_desk_forecast(const struct fl_desk *desk,
                           uint64_t ticket,
                           int64_t until_ms,
                           struct fl_buffer *out,
                           struct fl_error **error);

// Why a rule or macro of the rulebook did not fire when something last happened to a ticket, or why it
// did: `{"rule", "how", "conditions", "skipped", "text"}`, each clause with what it found.
//
// Errors: `FL_STATUS_NOT_FOUND` for a ticket or rule, those of the disk. Threads: any. Since 0.1.
fl_status fl_desk_why_not(const struct fl_desk *desk,
                          uint64_t ticket,
                          const char *rule,
                          size_t rule_length,
                          struct fl_buffer *out,
                          struct fl_error **error);

// Who would get a ticket among these agents, and why not the others: `{"chosen", "passed_over",
// "excluded", "text"}`. `text` says it in the language, `en` or `ru`, null for `en`. Nothing is changed
// by asking; the command `route` gives it.
//
// Errors: `FL_STATUS_NOT_FOUND` for a ticket or agent, `FL_STATUS_ARGUMENT` for another language, those
// of the disk. Threads: any. Since 0.1.
fl_status fl_desk_choose_agent(const struct fl_desk *desk,
                               uint64_t ticket,
                               const uint64_t *agents,
                               size_t agents_length,
                               const char *language,
                               size_t language_length,
                               struct fl_buffer *out,
                               struct fl_error **error);

// The ways that somebody may take with a ticket from where it is now, as a JSON list of `{"to",
// "label", "category", "holds", "requires"}`: what the status is called that it leads to, what people
// read, and which fields must be filled by then, whether or not they are, be it by the lifecycle or by
// the form. `fl_desk_execute` takes one with the action `{"move": {"to": ...}}`, and no other one.
//
// `actor` is JSON, such as `{"agent":7}`; `language` a BCP 47 tag for the labels, null for `en`.
//
// Errors: `FL_STATUS_NOT_FOUND`, `FL_STATUS_BAD_JSON`, those of the disk. Threads: any. Since 0.1.
fl_status fl_desk_ways(const struct fl_desk *desk,
                       uint64_t ticket,
                       const char *actor,
                       size_t actor_length,
                       const char *language,
                       size_t language_length,
                       struct fl_buffer *out,
                       struct fl_error **error);

// The form of a ticket as somebody sees it: `{"name", "lines"}`, a line for each of the desk's own
// fields that is there as the ticket is, with `id`, `label`, `holds`, `required`, `can_be_set` and
// `value`; null if the rulebook has forms and none is meant for such a ticket.
//
// `actor` and `language` are as for `fl_desk_ways`.
//
// Errors: `FL_STATUS_NOT_FOUND`, `FL_STATUS_BAD_JSON`, those of the disk. Threads: any. Since 0.1.
fl_status fl_desk_form(const struct fl_desk *desk,
                       uint64_t ticket,
                       const char *actor,
                       size_t actor_length,
                       const char *language,
                       size_t language_length,
                       struct fl_buffer *out,
                       struct fl_error **error);

// The form of a request that is still being written, as far as it is: what it says brings lines up and
// takes them away. What does not fit into its field counts as not given yet.
//
// `request` is JSON, what stands in the action `{"open": ...}`; `actor` and `language` are as for
// `fl_desk_ways`, and the answer is that of `fl_desk_form`.
//
// Errors: `FL_STATUS_BAD_JSON`. Threads: any. Since 0.1.
fl_status fl_desk_form_of_request(const struct fl_desk *desk,
                                  const char *request,
                                  size_t request_length,
                                  const char *actor,
                                  size_t actor_length,
                                  const char *language,
                                  size_t language_length,
                                  struct fl_buffer *out,
                                  struct fl_error **error);

// Somebody or something that the desk knows, by JSON such as `{"contact":1}`.
//
// Errors: `FL_STATUS_NOT_FOUND`, `FL_STATUS_BAD_JSON`, those of the disk. Threads: any. Since 0.1.
fl_status fl_desk_party(const struct fl_desk *desk,
                        const char *party,
                        size_t party_length,
                        struct fl_buffer *out,
                        struct fl_error **error);

// Parties by their words, by name and a page at a time: `{"parties": [{"id", "party"}], "next"}`.
//
// The question is JSON, all of it optional: `{"search": "petrov +7 495", "kinds": ["contact"],
// "after": {...}, "limit": 50}`. `after` is the `next` of the page before; a `limit` is taken as at least
// 1 and at most 1,000.
//
// Errors: `FL_STATUS_BAD_JSON`, `FL_STATUS_REFUSED` for what is no search, those of the disk. Threads: any. Since 0.1.
fl_status fl_desk_find_parties(const struct fl_desk *desk,
                               const char *question,
                               size_t question_length,
                               struct fl_buffer *out,
                               struct fl_error **error);

// Articles that answer a question, best first, with all that a page of results shows beside them:
// `{"hits": [{"article", "language", "title", "snippet", "score", "matches", "experience"}],
// "articles", "facets", "did_you_mean"}`.
//
// The question is JSON: `{"text": "my printer is not printing", "audience": "public", "only_audience":
// null, "language": "en", "tags": [], "product": "...", "version": "...", "category": "...", "is_typing": false,
// "offset": 0, "limit": 10}`, of which only the text is needed. An article is found as soon as the
// command that published it has returned. An empty text lists all that pass the filters, such as a category.
// The host decides whose `audience` it is: nothing is known here of who asks; `fl_desk_answer` knows it.
// No question finds more than 100 on all its pages. A snippet is
// text as its author wrote it: escape it before it is shown on a page.
//
// Errors: `FL_STATUS_BAD_JSON`; `FL_STATUS_BAD_QUERY` for an `offset` of 100 or more;
// `FL_STATUS_INDEX`; those of the disk. Threads: any. Since 0.1.
fl_status fl_desk_search(const struct fl_desk *desk,
                         const char *question,
                         size_t question_length,
                         struct fl_buffer *out,
                         struct fl_error **error);

// Articles for a ticket, best first, at most `limit` and at most 100, as an agent may see them: a JSON
// list of hits as `fl_desk_search` gives them.
//
// Errors: `FL_STATUS_NOT_FOUND`, `FL_STATUS_INDEX`, those of the disk. Threads: any. Since 0.1.
fl_status fl_desk_suggest(const struct fl_desk *desk,
                          uint64_t ticket,
                          size_t limit,
                          struct fl_buffer *out,
                          struct fl_error **error);

// Tickets that are like this one, at most `limit` and at most 100, and which articles solved those of its kind:
// `{"tickets": [{"ticket", "subject", "status", "likeness", "probability", "may_be_duplicate",
// "solved_by", "words"}], "solutions": [{"article", "tickets", "people", "reopened"}]}`.
//
// Errors: `FL_STATUS_NOT_FOUND`, `FL_STATUS_INDEX`, those of the disk. Threads: any. Since 0.1.
fl_status fl_desk_similar(const struct fl_desk *desk,
                          uint64_t ticket,
                          size_t limit,
                          struct fl_buffer *out,
                          struct fl_error **error);

// An article as it is, with its editions and drafts.
//
// Errors: `FL_STATUS_NOT_FOUND`, those of the disk. Threads: any. Since 0.1.
fl_status fl_desk_article(const struct fl_desk *desk,
                          uint64_t article,
                          struct fl_buffer *out,
                          struct fl_error **error);

// An article as a reader sees it, in the best edition for their language: `{"article", "audience",
// "language", "title", "body", "is_behind", "languages", "tags", "product", "versions", "category"}`.
//
// `audience` is an `fl_audience`, and the host decides whose it is; `language` is such as `de-AT`, null for
// any. In another one if there is none in theirs.
//
// Errors: `FL_STATUS_NOT_FOUND` for what the reader may not see as for what is not there;
// `FL_STATUS_ARGUMENT` for what is no `fl_audience`; those of the disk. Threads: any. Since 0.1.
fl_status fl_desk_read_article(const struct fl_desk *desk,
                               uint64_t article,
                               int32_t audience,
                               const char *language,
                               size_t language_length,
                               struct fl_buffer *out,
                               struct fl_error **error);

// Articles whose own questions do not find them any more among the first three, as a JSON list of
// `{"article", "question", "found"}`: the regression test of what the desk knows.
//
// Errors: `FL_STATUS_INDEX`, those of the disk. Threads: any. Since 0.1.
fl_status fl_desk_check_articles(const struct fl_desk *desk,
                                 struct fl_buffer *out,
                                 struct fl_error **error);

// What waits for somebody to look after it, as a JSON list of `{"article", "owner", "chore"}`: articles
// whose day of review has come, translations that are behind, drafts in review, texts that do not help.
//
// Errors: those of the disk. Threads: any. Since 0.1.
fl_status fl_desk_article_chores(const struct fl_desk *desk,
                                 struct fl_buffer *out,
                                 struct fl_error **error);

// Brings what the desk searches up to the journal now: for a thread that has time, so that nobody who
// asks has to wait for it. Without it questions see every article at once, and what solved tickets
// teach a little later.
//
// Errors: `FL_STATUS_INDEX`, those of the disk. Threads: any. Since 0.1.
fl_status fl_desk_catch_up(const struct fl_desk *desk,
                           struct fl_error **error);

// Articles that answer a question, best first, at most `limit` and at most 100: what `fl_desk_search` gives, without
// JSON and what stands beside the hits.
//
// `question` is what somebody typed; `language` keeps to one, null for all; `audience` is an
// `fl_audience`. Take them one after the other with `fl_hits_next`.
//
// Errors: `FL_STATUS_INDEX`; `FL_STATUS_ARGUMENT` for what is no `fl_audience`; those of the disk.
// Threads: any. Since 0.1.
fl_status fl_desk_search_hits(const struct fl_desk *desk,
                              const char *question,
                              size_t question_length,
                              const char *language,
                              size_t language_length,
                              int32_t audience,
                              size_t limit,
                              struct fl_hits **hits,
                              struct fl_error **error);

// Takes the next hit. `FL_STATUS_END` when there is none left; `*hit` is untouched then.
//
// Errors: `FL_STATUS_CLOSED`, `FL_STATUS_ARGUMENT`. Threads: any; each hit goes to one of them. Since
// 0.1.
fl_status fl_hits_next(const struct fl_hits *hits,
                       struct fl_hit *hit);

// How many hits there are, taken or not; 0 for null and for hits that were freed.
//
// Threads: any. Since 0.1.
size_t fl_hits_count(const struct fl_hits *hits);

// Frees hits and their texts. Null is fine, and so are hits that were freed already.
//
// Threads: any. Since 0.1.
void fl_hits_free(struct fl_hits *hits);

// Searches for a visitor, and takes that down as a step of a visit: by a number that the host has for
// the visit. A JSON list of hits as `fl_desk_search` gives them; none for whoever belongs to the
// `hold_out_percent` of `fl_desk_options`, so that it can be told what answers are worth.
//
// `visitor` is JSON, `{"contact": 1}` or `{"guest": 17}` with a number of the host's, such as of a
// cookie; the question is that of `fl_desk_search`. A guest sees what is public and a contact what is for
// customers as well, whatever audience the question says; `only_audience` narrows that. An empty question
// finds nothing and is not taken down.
//
// Errors: those of `fl_desk_search`. Threads: any. Since 0.1.
fl_status fl_desk_answer(const struct fl_desk *desk,
                         uint64_t visit,
                         const char *visitor,
                         size_t visitor_length,
                         const char *question,
                         size_t question_length,
                         struct fl_buffer *out,
                         struct fl_error **error);

// `fl_desk_answer` with all that a page of results shows beside the hits, as `fl_desk_search` gives it; none
// of it for the hold-out. What is listed without a question is shown to all and not taken down.
//
// Errors: those of `fl_desk_answer`. Threads: any. Since 0.1.
fl_status fl_desk_answer_page(const struct fl_desk *desk,
                              uint64_t visit,
                              const char *visitor,
                              size_t visitor_length,
                              const char *question,
                              size_t question_length,
                              struct fl_buffer *out,
                              struct fl_error **error);

// Takes down what became of the last question of a visit. `step` is JSON: `{"viewed": 7}` for an article that was opened,
// `{"helped": true}` for what the visitor said of it, `{"wrote": 42}` for a ticket of somebody whom the
// desk does not know as a contact. One of them at a time.
//
// Errors: `FL_STATUS_BAD_JSON`, those of the disk. Threads: any. Since 0.1.
fl_status fl_desk_note(const struct fl_desk *desk,
                       uint64_t visit,
                       const char *step,
                       size_t step_length,
                       struct fl_error **error);

// The questions that were asked from `from_ms` until before `to_ms`, each with the first ticket that its
// visitor wrote after it, as a JSON list.
//
// Errors: `FL_STATUS_ARGUMENT`, those of the disk. Threads: any. Since 0.1.
fl_status fl_desk_visits(const struct fl_desk *desk,
                         int64_t from_ms,
                         int64_t to_ms,
                         struct fl_buffer *out,
                         struct fl_error **error);

// What answers were worth from `from_ms` until before `to_ms`: `{"visits", "potential", "confirmed",
// "ticket_rate", "held_out_rate", "prevented"}`. A ticket counts if it came within `window_ms` of the
// question.
//
// Errors: those of `fl_desk_visits`. Threads: any. Since 0.1.
fl_status fl_desk_deflection(const struct fl_desk *desk,
                             int64_t from_ms,
                             int64_t to_ms,
                             uint64_t window_ms,
                             struct fl_buffer *out,
                             struct fl_error **error);

// The list that whoever keeps the knowledge works from, of the same visits: `{"unanswered", "popular",
// "unhelpful"}`.
//
// Errors: those of `fl_desk_visits`. Threads: any. Since 0.1.
fl_status fl_desk_gaps(const struct fl_desk *desk,
                       int64_t from_ms,
                       int64_t to_ms,
                       uint64_t window_ms,
                       struct fl_buffer *out,
                       struct fl_error **error);

// Takes steps of visits before a moment out of the log, for good. `*done`, which may be null, is how
// many they were. Nothing but figures depends on them.
//
// Errors: those of the disk. Threads: any. Since 0.1.
fl_status fl_desk_forget_visits(const struct fl_desk *desk,
                                int64_t before_ms,
                                uint64_t *done,
                                struct fl_error **error);

// When the desk next wants `fl_desk_handle_timeout` to be called, in milliseconds since 1970;
// `FL_NEVER` if nothing is due until something happens.
//
// A soft deadline: earlier is harmless, later is noticed and changes no fact. Any command may change
// it.
//
// Errors: those of the disk. Threads: any. Since 0.1.
fl_status fl_desk_poll_timeout(const struct fl_desk *desk,
                               int64_t *at_ms,
                               struct fl_error **error);

// Notices what became true until `now_ms`: warnings, breaches, steps of ladders. Touches only the
// tickets that have something due. `woken` may be null.
//
// Errors: `FL_STATUS_REFUSED` for a moment outside of the years 1970 to 9999; those of the disk. Threads: any. Since 0.1.
fl_status fl_desk_handle_timeout(const struct fl_desk *desk,
                                 int64_t now_ms,
                                 struct fl_woken *woken,
                                 struct fl_error **error);

// Hands out what is to be done now: to tell somebody, to ring for somebody. A JSON list of
// `{"record", "recorded_at", "attempt", "leased_until", "effect": {"id", "ticket", "scheduled_at",
// "kind"}}`.
//
// Do each under its `id`, which is the same at every attempt, then acknowledge its `record`, or report
// that it failed. Each comes at least once: again when its lease ends before that. Effects of one ticket
// come in their order, the next one when the one before is done, so ask until the list is empty. At most
// `limit` come at once, and at most 10,000; each is left to the caller for `lease_ms`, and handed out
// `attempts` times before it is given up; 0 stands for the usual 50, 300,000 and 10.
//
// Errors: `FL_STATUS_REFUSED` for a moment outside of the years 1970 to 9999; those of the disk. Threads: any, as many workers as you like. Since 0.1.
fl_status fl_desk_effects(const struct fl_desk *desk,
                          int64_t now_ms,
                          size_t limit,
                          uint64_t lease_ms,
                          uint32_t attempts,
                          struct fl_buffer *out,
                          struct fl_error **error);

// Closes effects for ever, each named by its record, in one commit. `*done`, which may be null, is how
// many of them were open: to say it again does no harm.
//
// Errors: those of the disk. All of them are still open then. Threads: any. Since 0.1.
fl_status fl_desk_acknowledge(const struct fl_desk *desk,
                              const uint64_t *records,
                              size_t records_length,
                              uint64_t *done,
                              struct fl_error **error);

// Takes note that an attempt failed, and why. It is tried again after `retry_ms`; a negative number
// makes a dead letter of it.
//
// Errors: `FL_STATUS_NOT_FOUND` if it was acknowledged, or handed out again since; `FL_STATUS_REFUSED` as
// for `fl_desk_effects`; those of the disk. Threads: any. Since 0.1.
fl_status fl_desk_fail(const struct fl_desk *desk,
                       uint64_t record,
                       uint32_t attempt,
                       const char *reason,
                       size_t reason_length,
                       int64_t retry_ms,
                       int64_t now_ms,
                       struct fl_error **error);

// Gives a dead letter new attempts.
//
// Errors: `FL_STATUS_NOT_FOUND` if there is none of this record; `FL_STATUS_REFUSED` as for
// `fl_desk_effects`; those of the disk. Threads: any. Since 0.1.
fl_status fl_desk_requeue(const struct fl_desk *desk,
                          uint64_t record,
                          int64_t now_ms,
                          struct fl_error **error);

// What is not acknowledged yet, dead letters among it, in the order of its records: those after record
// `after`, at most `limit` and at most 10,000. A JSON list of `{"record", "ticket", "attempts", "standing", "due",
// "reason"}`; `standing` is `due`, `waiting` or `dead`.
//
// Errors: those of the disk. Threads: any. Since 0.1.
fl_status fl_desk_open_effects(const struct fl_desk *desk,
                               uint64_t after,
                               size_t limit,
                               struct fl_buffer *out,
                               struct fl_error **error);

// Where the journal ends: `{"seq", "at", "hash"}`, or `null` while it is empty.
//
// Errors: those of the disk. Threads: any. Since 0.1.
fl_status fl_desk_head(const struct fl_desk *desk, struct fl_buffer *out, struct fl_error **error);

// Reads the whole journal and compares it with itself and with all that was derived from it:
// `{"records", "streams", "hash"}`.
//
// Errors: `FL_STATUS_DAMAGED` with the first `record` that is missing, altered or out of order;
// `FL_STATUS_STORE` for what was derived and does not agree, which `fl_desk_rebuild` mends; those of the
// disk. Threads: any. Since 0.1.
fl_status fl_desk_verify(const struct fl_desk *desk,
                         struct fl_buffer *out,
                         struct fl_error **error);

// Writes a copy of the desk as it is now to a folder, which is made if it is not there. Others work on
// meanwhile.
//
// Errors: `FL_STATUS_FILE_EXISTS` if there is a desk in the folder; `FL_STATUS_FILE` and others of the
// disk. There is no half copy then. Threads: any. Since 0.1.
fl_status fl_desk_backup(const struct fl_desk *desk,
                         const char *folder,
                         size_t folder_length,
                         struct fl_error **error);

// Verifies a backup and puts a copy of it into a folder that has no desk. `out` gets what
// `fl_desk_verify` would say.
//
// Errors: `FL_STATUS_FILE_EXISTS`; `FL_STATUS_DAMAGED`, or `FL_STATUS_STORE` for what is no desk, both
// about the backup; `FL_STATUS_FILE` and others of the disk. There is no half copy then. Threads: any.
// Since 0.1.
fl_status fl_restore(const char *backup,
                     size_t backup_length,
                     const char *folder,
                     size_t folder_length,
                     struct fl_buffer *out,
                     struct fl_error **error);

// Writes everything that happened to a new file, as lines of JSON that `fl_desk_import` reads and
// anybody can check without a desk. The records are checked on their way, and `out` gets what
// `fl_desk_verify` would say of them; what is derived from them is not in it.
//
// Errors: `FL_STATUS_FILE_EXISTS`; `FL_STATUS_DAMAGED` with the first record that is missing, altered or
// out of order; `FL_STATUS_BUSY` if words were erased meanwhile; `FL_STATUS_FILE` and others of the disk.
// There is no file then. Threads: any. Since 0.1.
fl_status fl_desk_export(const struct fl_desk *desk,
                         const char *file,
                         size_t file_length,
                         struct fl_buffer *out,
                         struct fl_error **error);

// Reads an export into a desk that is empty or has the beginning of the same. Everything keeps its
// number, time and hash, and nothing is sent by it. `out` gets what `fl_desk_verify` would say.
//
// Errors: `FL_STATUS_BAD_INPUT` with the `line` that cannot be read, or for another journal with the first
// `record` that differs; `FL_STATUS_FILE` and others of the disk. What was read before is kept. Threads: any. Since 0.1.
fl_status fl_desk_import(const struct fl_desk *desk,
                         const char *file,
                         size_t file_length,
                         struct fl_buffer *out,
                         struct fl_error **error);

// Erases a person: the name, every word on the person's own tickets, and the person's words on those of
// others. `actor` is JSON, an agent such as `{"agent":7}` or `"system"`. `out` gets the receipt.
//
// Errors: `FL_STATUS_REFUSED`, `FL_STATUS_NOT_FOUND`, `FL_STATUS_BAD_JSON`, those of the disk. Threads:
// any. Since 0.1.
fl_status fl_desk_erase(const struct fl_desk *desk,
                        const char *actor,
                        size_t actor_length,
                        uint64_t contact,
                        struct fl_buffer *out,
                        struct fl_error **error);

// Gives back the room that nothing takes any more. The desk waits meanwhile, and the disk needs room
// for a second copy.
//
// Errors: those of the disk. Threads: any. Since 0.1.
fl_status fl_desk_compact(const struct fl_desk *desk,
                          struct fl_error **error);

// Makes everything that is derived from the records again: for when `fl_desk_verify` says that it
// differs.
//
// Errors: `FL_STATUS_DAMAGED` for a record that cannot be, those of the disk. Nothing was changed then.
// Threads: any. Since 0.1.
fl_status fl_desk_rebuild(const struct fl_desk *desk,
                          struct fl_error **error);

// Compiles a calendar from JSON, in the form that rulebooks have it: `{"time_zone": "Europe/Berlin",
// "weekly": {"mon-fri": ["09:00-17:00"]}, "holidays": [...], "exceptions": {...}}`.
//
// Errors: `FL_STATUS_BAD_JSON`, `FL_STATUS_RULEBOOK`. Threads: any. Since 0.1.
fl_status fl_calendar_from_json(const char *json,
                                size_t json_length,
                                struct fl_calendar **calendar,
                                struct fl_error **error);

// A calendar of the rulebook in force, by its name, or `always`. It stays as it is when other rules come
// into force or the desk is closed.
//
// Errors: `FL_STATUS_NOT_FOUND`. Threads: any. Since 0.1.
fl_status fl_desk_calendar(const struct fl_desk *desk,
                           const char *name,
                           size_t name_length,
                           struct fl_calendar **calendar,
                           struct fl_error **error);

// Frees a calendar. Null is fine, and so is one that was freed already.
//
// Threads: any. Since 0.1.
void fl_calendar_free(struct fl_calendar *calendar);

// The earliest moment at which so much working time has passed since `at_ms`. A negative number goes
// back, to the latest such moment. `FL_NEVER` if there is no more working time for it.
//
// This and what follows takes and gives milliseconds since 1970 and milliseconds of working time. Errors:
// `FL_STATUS_CLOSED`, `FL_STATUS_ARGUMENT`. Threads: any. Since 0.1.
fl_status fl_calendar_add(const struct fl_calendar *calendar,
                          int64_t at_ms,
                          int64_t work_ms,
                          int64_t *out_ms);

// `fl_calendar_add` for a whole list at once: for hosts to whom a call costs more than the answer.
// `at_ms`, `work_ms` and `out_ms` have `length` numbers each; `out_ms` may be one of the others.
//
// Errors: `FL_STATUS_CLOSED`, `FL_STATUS_ARGUMENT`; nothing was written then. Threads: any. Since 0.1.
fl_status fl_calendar_add_all(const struct fl_calendar *calendar,
                              const int64_t *at_ms,
                              const int64_t *work_ms,
                              size_t length,
                              int64_t *out_ms);

// The working time from one moment to another; negative if the other is earlier.
//
// Errors: those of `fl_calendar_add`. Threads: any. Since 0.1.
fl_status fl_calendar_between(const struct fl_calendar *calendar,
                              int64_t from_ms,
                              int64_t to_ms,
                              int64_t *out_ms);

// Whether it is open at a moment: 1 or 0.
//
// Errors: those of `fl_calendar_add`. Threads: any. Since 0.1.
fl_status fl_calendar_is_open(const struct fl_calendar *calendar, int64_t at_ms, int32_t *out);

// When it opens next: `at_ms` itself if it is open, `FL_NEVER` if it does not open any more.
//
// Errors: those of `fl_calendar_add`. Threads: any. Since 0.1.
fl_status fl_calendar_next_open(const struct fl_calendar *calendar, int64_t at_ms, int64_t *out_ms);

// When it closes next: the first change to closed after `at_ms`, `FL_NEVER` if there is none.
//
// Errors: those of `fl_calendar_add`. Threads: any. Since 0.1.
fl_status fl_calendar_next_close(const struct fl_calendar *calendar,
                                 int64_t at_ms,
                                 int64_t *out_ms);

#ifdef __cplusplus
}  // extern "C"
#endif  // __cplusplus

#endif /* FIRSTLINE_H */
