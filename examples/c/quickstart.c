/*
 * A support desk in one folder, from C: quickstart [FOLDER]
 *
 * Who asks and who answers is saved, an article is published and found, a ticket is opened and
 * answered late, and what became of the promise is told. Without a folder the desk is in memory.
 */

#include <firstline.h>
#include <stdio.h>
#include <string.h>

/* A Monday morning in winter: the desk's clock stands where the host puts it. */
#define MONDAY 1772442000000
#define HOUR 3600000

static const char RULES[] =
    "name = 'Northwind support'\n"
    "[calendars.office]\n"
    "time_zone = 'Europe/Berlin'\n"
    "weekly = { mon-fri = ['09:00-17:00'] }\n"
    "[[roles]]\n"
    "id = 'lead'\n"
    "[[lines]]\n"
    "id = 'L1'\n"
    "[[policies]]\n"
    "name = 'standard'\n"
    "calendar = 'office'\n"
    "[policies.targets.first_reply]\n"
    "within = { critical = '15m', high = '1h', medium = '4h', low = '8h' }\n"
    "ladder = [{ at_due = true, notify = 'lead' }]\n";

static fl_desk *desk;
static fl_buffer out;
static fl_error *error;
static int failures;

/* Says what went wrong, and whether anything did. */
static int is_fine(fl_status status, const char *what) {
    if (status >= 0) {
        return 1;
    }
    fprintf(stderr, "%s: %s: %s\n", what, fl_status_name(status),
            error != NULL ? fl_error_message(error) : "no more is known");
    fl_error_free(error);
    error = NULL;
    failures++;
    return 0;
}

static void execute(const char *command) {
    is_fine(fl_desk_execute(desk, command, FL_NTS, &out, &error), "execute");
}

static void people_and_knowledge(void) {
    execute("{\"actor\":\"system\",\"action\":{\"save\":{\"id\":{\"contact\":1},"
            "\"party\":{\"contact\":{\"name\":\"Ada\"}}}}}");
    execute("{\"actor\":\"system\",\"action\":{\"save\":{\"id\":{\"agent\":1},"
            "\"party\":{\"agent\":{\"name\":\"Bob\"}}}}}");
    execute("{\"actor\":{\"agent\":1},\"action\":{\"article\":{\"do\":{\"publish\":{"
            "\"language\":\"en\",\"title\":\"The printer does not print\","
            "\"body\":\"Turn it off and on again. Error E1042 goes away with the next update.\"}}}}}");
}

static void answer_before_the_ticket(const char *question) {
    fl_hits *hits = NULL;
    fl_hit hit;
    fl_status status = fl_desk_search_hits(desk, question, FL_NTS, NULL, 0, FL_AUDIENCE_PUBLIC, 3,
                                           &hits, &error);
    if (!is_fine(status, "search")) {
        return;
    }
    printf("asked  %s\n", question);
    while (fl_hits_next(hits, &hit) == FL_STATUS_OK) {
        printf("found  %s: %s\n", hit.title, hit.snippet);
    }
    fl_hits_free(hits);
}

static void ticket(void) {
    int64_t due = 0;
    fl_woken woken;
    execute("{\"actor\":{\"contact\":1},\"action\":{\"open\":{\"kind\":\"incident\",\"requester\":1,"
            "\"subject\":\"Printer\",\"text\":\"It is on fire.\",\"channel\":\"portal\","
            "\"impact\":\"medium\",\"urgency\":\"medium\"}}}");
    printf("opened %s\n", out.data);
    if (is_fine(fl_desk_poll_timeout(desk, &due, &error), "poll_timeout")) {
        printf("due    in %.1f hours\n", (double)(due - MONDAY) / HOUR);
    }
    /* Nobody answers, and the deadline passes. */
    if (is_fine(fl_desk_handle_timeout(desk, MONDAY + 5 * HOUR, &woken, &error), "wake")) {
        printf("woken  %d ticket, %d records\n", (int)woken.tickets, (int)woken.records);
    }
}

static void errands(void) {
    const char *place;
    uint64_t record = 0;
    if (!is_fine(fl_desk_effects(desk, MONDAY + 5 * HOUR, 0, 0, 0, &out, &error), "effects")) {
        return;
    }
    printf("to do  %s\n", out.data);
    /* A real host reads the JSON; here the first number of a record will do. */
    place = strstr(out.data, "\"record\":");
    if (place != NULL && sscanf(place, "\"record\":%llu", (unsigned long long *)&record) == 1) {
        is_fine(fl_desk_acknowledge(desk, &record, 1, NULL, &error), "acknowledge");
    }
}

static void verdict(void) {
    is_fine(fl_desk_set_time(desk, MONDAY + 6 * HOUR, &error), "set_time");
    execute("{\"actor\":{\"agent\":1},\"ticket\":1,\"action\":{\"reply\":{\"text\":\"Stand back.\"}}}");
    if (is_fine(fl_desk_explain(desk, 1, "first_reply", FL_NTS, 0, FL_NEVER, NULL, 0, &out, &error),
                "explain")) {
        printf("why    %s\n", out.data);
    }
    if (is_fine(fl_desk_brief(desk, 1, "en", FL_NTS, &out, &error), "brief")) {
        printf("tell   %s\n", out.data);
    }
    if (is_fine(fl_desk_verify(desk, &out, &error), "verify")) {
        printf("proof  %s\n", out.data);
    }
}

int main(int argc, char **argv) {
    fl_desk_options options;
    fl_status status;
    memset(&options, 0, sizeof options);
    options.struct_size = sizeof options;
    options.abi_version = FL_ABI_VERSION;
    options.clock = FL_CLOCK_HOST;
    options.now_ms = MONDAY;
    status = argc > 1
        ? fl_desk_open(argv[1], FL_NTS, RULES, FL_NTS, &options, &desk, &error)
        : fl_desk_open_in_memory(RULES, FL_NTS, &options, &desk, &error);
    if (!is_fine(status, "open")) {
        return 1;
    }
    people_and_knowledge();
    answer_before_the_ticket("my printers are not printing");
    ticket();
    errands();
    verdict();
    fl_buffer_free(&out);
    is_fine(fl_desk_close(desk), "close");
    return failures != 0;
}
