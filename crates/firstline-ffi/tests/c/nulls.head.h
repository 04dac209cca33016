/* Every function of the header, with every pointer null in its turn. Made by tests/nulls.rs. */

#include "check.h"

static fl_desk *desk, *made_desk;
static fl_calendar *calendar, *made_calendar;
static fl_hits *hits, *made_hits;
static fl_error *kept, *error;
static fl_buffer out;
static fl_desk_options options;
static fl_woken woken;
static fl_hit hit;
static uint64_t u64 = 1;
static int64_t i64 = 1;
static int32_t i32;
static uint32_t u32;

/* What a call made is freed, so that a leak would be one of the library's. */
static void tidy(void) {
    fl_error_free(error);
    fl_desk_close(made_desk);
    fl_calendar_free(made_calendar);
    fl_hits_free(made_hits);
    fl_buffer_free(&out);
    error = NULL, made_desk = NULL, made_calendar = NULL, made_hits = NULL;
}

static void any(const char *call, int32_t status) {
    check(status != FL_STATUS_BUG, "%s: a bug", call);
}

static void refused(const char *call, int32_t status) {
    check(status == FL_STATUS_ARGUMENT || status == FL_STATUS_CLOSED, "%s: %d", call, (int)status);
}

static int done(void) {
    fl_error_free(kept);
    fl_hits_free(hits);
    fl_calendar_free(calendar);
    fl_desk_close(desk);
    free((char *)story_rules());
    return summary("nulls");
}

int main(int argc, char **argv) {
    const char *rules = story_rules(), *folder = argv[1], *backup = argv[1];
    check(argc == 2, "give a folder");
    options.struct_size = sizeof options;
    options.abi_version = FL_ABI_VERSION;
    desk = story_desk(NULL);
    fl_desk_execute(desk, "", 0, &out, &kept);
    fl_desk_calendar(desk, "office", FL_NTS, &calendar, NULL);
    fl_desk_search_hits(desk, "printer", FL_NTS, NULL, 0, FL_AUDIENCE_PUBLIC, 5, &hits, NULL);
    check(kept != NULL && calendar != NULL && hits != NULL, "nothing to try it with");
    tidy();

