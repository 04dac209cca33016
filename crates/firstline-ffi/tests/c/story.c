/* Tells the story and writes what became of it to a file: story FOLDER EXPORT. */

#include "check.h"
#include "layout.h"

static void tell(fl_desk *desk, const char *line) {
    fl_buffer out = {0};
    int32_t status = fl_desk_execute(desk, line, FL_NTS, &out, NULL);
    /* One of its lines is about a ticket that is not there. */
    int is_wrong = strstr(line, "\"ticket\":9") != NULL;
    check(status == (is_wrong ? FL_STATUS_NOT_FOUND : FL_STATUS_OK), "%d: %s", (int)status, line);
    fl_buffer_free(&out);
}

int main(int argc, char **argv) {
    char *story = read_text(STORY "/story.jsonl"), *line, *next;
    fl_desk *desk;
    fl_woken woken;
    fl_buffer out = {0};
    int64_t at = 0;
    if (argc != 3) {
        fputs("usage: story FOLDER EXPORT\n", stderr);
        return 2;
    }
    desk = story_desk(argv[1]);
    for (line = story; *line != '\0'; line = next) {
        next = strchr(line, '\n');
        *next++ = '\0';
        if (*next == '\0') {
            /* Half an hour before its last line, what is overdue rings. */
            check(fl_desk_poll_timeout(desk, &at, NULL) == FL_STATUS_OK, "poll_timeout");
            check(at != FL_NEVER && at < MONDAY + 24 * HOUR, "nothing is due");
            fl_desk_handle_timeout(desk, 1772526600000, &woken, NULL);
            check(woken.tickets == 1 && woken.records >= 3, "%d records", (int)woken.records);
        }
        tell(desk, line);
    }
    check(fl_desk_handle_timeout(desk, MONDAY + 48 * HOUR, NULL, NULL) == FL_STATUS_OK, "wake");
    check(fl_desk_export(desk, argv[2], FL_NTS, &out, NULL) == FL_STATUS_OK, "export");
    check(fl_desk_verify(desk, out.data ? &out : NULL, NULL) == FL_STATUS_OK, "verify");
    printf("verified: %s\n", out.data);
    check(fl_desk_close(desk) == FL_STATUS_OK, "close");
    check(fl_desk_close(desk) == FL_STATUS_CLOSED, "closed twice");
    check(fl_desk_verify(desk, &out, NULL) == FL_STATUS_CLOSED, "used after close");
    fl_buffer_free(&out);
    free(story);
    free((char *)story_rules());
    return summary("story");
}
