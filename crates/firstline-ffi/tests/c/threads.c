/* Eight threads on one desk: commands, questions, searches, alarms, errands, calendars; and one that
 * is closed under their hands, with what its callbacks use freed at once.
 *
 *     threads FOLDER [ROUNDS] */

#include "check.h"
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>

#define THREADS 8

/* What the callbacks count. It is gone when the desk is. */
typedef struct {
    atomic_int effects, lines;
} heard;

static int rounds = 60;
static fl_desk *desk;
static fl_calendar *calendar;
static heard *host;
static atomic_int wrong, is_closed;

static void expect(int holds, const char *what) {
    if (!holds) {
        fprintf(stderr, "%s\n", what);
        atomic_fetch_add(&wrong, 1);
    }
}

static void note(void *user) {
    expect(!is_closed, "called back after close");
    atomic_fetch_add(&((heard *)user)->effects, 1);
}

static void log_line(void *user, fl_log_level level, const char *line, size_t length) {
    expect(!is_closed, "logged after close");
    expect(strlen(line) == length && level > FL_LOG_LEVEL_OFF, line);
    atomic_fetch_add(&((heard *)user)->lines, 1);
}

static void drain(fl_buffer *out, int64_t now) {
    char *place;
    fl_desk_effects(desk, now, 10, 0, 0, out, NULL);
    for (place = out->data; (place = strstr(place, "\"record\":")) != NULL; place++) {
        uint64_t record = strtoull(place + 9, NULL, 10);
        expect(fl_desk_acknowledge(desk, &record, 1, NULL, NULL) == FL_STATUS_OK, "acknowledge");
    }
}

static void *work(void *argument) {
    int thread = *(int *)argument, round;
    fl_buffer out = {0};
    char text[512];
    for (round = 0; round < rounds; round++) {
        int64_t now = MONDAY + round * (60 * HOUR / rounds), due = 0;
        fl_hits *hits = NULL;
        fl_hit hit;
        fl_error *error = NULL;
        snprintf(text, sizeof text,
                 "{\"at\":%lld,\"actor\":{\"contact\":1},\"action\":{\"open\":{\"kind\":\"question\","
                 "\"requester\":1,\"subject\":\"%d.%d\",\"text\":\"printer\",\"channel\":\"chat\","
                 "\"impact\":\"low\",\"urgency\":\"low\"}}}",
                 (long long)now, thread, round);
        expect(fl_desk_execute(desk, text, FL_NTS, &out, NULL) == FL_STATUS_OK, "open");
        expect(fl_desk_ticket(desk, (uint64_t)round + 1, &out, NULL) == FL_STATUS_OK, "ticket");
        expect(fl_desk_tickets(desk, NULL, 0, &out, NULL) == FL_STATUS_OK, "tickets");
        expect(fl_desk_search_hits(desk, "printers", FL_NTS, NULL, 0, FL_AUDIENCE_PUBLIC, 3, &hits,
                                   NULL) == FL_STATUS_OK, "search");
        expect(fl_hits_next(hits, &hit) == FL_STATUS_OK && strlen(hit.title) == hit.title_length,
               "hit");
        expect(fl_hits_next(hits, &hit) == FL_STATUS_END, "one article is one hit");
        fl_hits_free(hits);
        expect(fl_calendar_add(calendar, now, HOUR, &due) == FL_STATUS_OK && due > now, "add");
        expect(fl_desk_ticket(desk, 1u << 30, &out, &error) == FL_STATUS_NOT_FOUND, "no ticket");
        expect(strcmp(fl_error_message(error), "there is no ticket #1073741824") == 0,
               fl_error_message(error));
        fl_error_free(error);
        expect(fl_desk_handle_timeout(desk, now, NULL, NULL) == FL_STATUS_OK, "wake");
        drain(&out, now);
    }
    fl_buffer_free(&out);
    return NULL;
}

/* Asks for what is not there, which is logged, until the desk is gone, which must come as a status. */
static void *ask(void *argument) {
    fl_buffer out = {0};
    int32_t status;
    (void)argument;
    while ((status = fl_desk_ticket(desk, 1u << 30, &out, NULL)) == FL_STATUS_NOT_FOUND) {
    }
    expect(status == FL_STATUS_CLOSED, "closed under its hands");
    fl_buffer_free(&out);
    return NULL;
}

static void on_all_threads(void *(*body)(void *), int close_meanwhile) {
    pthread_t threads[THREADS];
    int numbers[THREADS], thread;
    for (thread = 0; thread < THREADS; thread++) {
        numbers[thread] = thread;
        pthread_create(&threads[thread], NULL, body, &numbers[thread]);
    }
    if (close_meanwhile) {
        int before = host->lines;
        while (host->lines < before + THREADS) {
            sched_yield();
        }
        check(fl_desk_close(desk) == FL_STATUS_OK, "close");
        is_closed = 1;
        free(host);
    }
    for (thread = 0; thread < THREADS; thread++) {
        pthread_join(threads[thread], NULL);
    }
}

int main(int argc, char **argv) {
    fl_desk_options options;
    fl_buffer out = {0};
    uint64_t count = 0;
    if (argc < 2) {
        fputs("usage: threads FOLDER [ROUNDS]\n", stderr);
        return 2;
    }
    rounds = argc > 2 ? atoi(argv[2]) : rounds;
    host = (heard *)calloc(1, sizeof *host);
    memset(&options, 0, sizeof options);
    options.struct_size = sizeof options;
    options.abi_version = FL_ABI_VERSION;
    options.clock = FL_CLOCK_HOST;
    options.now_ms = MONDAY;
    options.effects = note;
    options.effects_user = host;
    options.log = log_line;
    options.log_user = host;
    options.log_level = FL_LOG_LEVEL_DEBUG;
    check(fl_desk_open(argv[1], FL_NTS, story_rules(), FL_NTS, &options, &desk, NULL) == FL_STATUS_OK,
          "open");
    must(desk, "{\"actor\":\"system\",\"action\":{\"save\":{\"id\":{\"contact\":1},"
               "\"party\":{\"contact\":{\"name\":\"Ada\"}}}}}");
    must(desk, "{\"actor\":\"system\",\"action\":{\"article\":{\"do\":{\"publish\":{\"language\":\"en\","
               "\"title\":\"The printer\",\"body\":\"Turn it off and on again.\"}}}}}");
    check(fl_desk_calendar(desk, "office", FL_NTS, &calendar, NULL) == FL_STATUS_OK, "calendar");
    on_all_threads(work, 0);
    check(fl_desk_count(desk, NULL, 0, &count, NULL) == FL_STATUS_OK, "count");
    check(count == (uint64_t)(THREADS * rounds), "%d tickets", (int)count);
    check(fl_desk_verify(desk, &out, NULL) == FL_STATUS_OK, "verify");
    check(host->effects > 0, "nobody was told of effects");
    printf("%d tickets, %d announcements, %s\n", (int)count, host->effects, out.data);
    on_all_threads(ask, 1);
    check(wrong == 0, "%d calls went wrong", wrong);
    fl_calendar_free(calendar);
    fl_buffer_free(&out);
    free((char *)story_rules());
    return summary("threads");
}
