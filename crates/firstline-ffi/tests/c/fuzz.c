/* Bytes of all kinds at every entry that reads JSON or rules: a status, never a bug of the library and
 * never a crash.
 *
 *     fuzz [ROUNDS]        damages lines of the story; always the same rounds
 *
 * With -DFUZZER it has no main, and is the target of libFuzzer:
 *
 *     clang -fsanitize=fuzzer -DFUZZER -DSTORY='"tests"' tests/c/fuzz.c -lfirstline && ./a.out
 */

#define _POSIX_C_SOURCE 200809L
#include "check.h"
#include <unistd.h>

/* A desk is opened anew after so many inputs, so that what some of them did does not pile up. */
#define INPUTS_A_DESK 500
#define IMPORTS_A_DESK 50

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static fl_desk *desk, *empty;
static fl_buffer out;

static void sound(const char *call, int32_t status, const char *text, size_t length) {
    if (status == FL_STATUS_BUG) {
        fprintf(stderr, "%s: a bug, by %.*s\n", call, (int)length, text);
        abort();
    }
}

#define TRY(call) sound(#call, call, text, n)

static char file_name[] = "/tmp/firstline-fuzz-XXXXXX";
static FILE *file;

static void remove_file(void) {
    remove(file_name);
}

/* An import reads a file, so there is one, which is written anew each time. */
static void import(fl_desk *into, const char *text, size_t n) {
    if (file == NULL) {
        int made = mkstemp(file_name);
        file = made < 0 ? NULL : fdopen(made, "w");
        atexit(remove_file);
    }
    if (file == NULL || fseek(file, 0, SEEK_SET) != 0 || ftruncate(fileno(file), 0) != 0 ||
        fwrite(text, 1, n, file) != n || fflush(file) != 0) {
        perror(file_name);
        exit(2);
    }
    TRY(fl_desk_import(into, file_name, FL_NTS, &out, NULL));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static unsigned inputs;
    const char *text = (const char *)data;
    size_t n = size;
    fl_calendar *calendar = NULL;
    uint64_t count = 0;
    if (inputs++ % INPUTS_A_DESK == 0) {
        fl_desk_close(desk);
        desk = story_desk(NULL);
    }
    if (inputs % IMPORTS_A_DESK == 0) {
        fl_desk_close(empty);
        empty = story_desk(NULL);
    }
    TRY(fl_desk_execute(desk, text, n, &out, NULL));
    TRY(fl_desk_execute_all(desk, text, n, &out, NULL));
    TRY(fl_desk_preview(desk, text, n, &out, NULL));
    TRY(fl_desk_tickets(desk, text, n, &out, NULL));
    TRY(fl_desk_count(desk, text, n, &count, NULL));
    TRY(fl_desk_views(desk, text, n, &out, NULL));
    TRY(fl_desk_timeline_seen_by(desk, 1, text, n, &out, NULL));
    TRY(fl_desk_explain(desk, 1, text, n, 0, FL_NEVER, text, n, &out, NULL));
    TRY(fl_desk_explain(desk, 1, "resolution", FL_NTS, 0, MONDAY, text, n, &out, NULL));
    TRY(fl_desk_why_not(desk, 1, text, n, &out, NULL));
    TRY(fl_desk_ways(desk, 1, text, n, text, n, &out, NULL));
    TRY(fl_desk_form(desk, 1, "{\"agent\":7}", FL_NTS, text, n, &out, NULL));
    TRY(fl_desk_form_of_request(desk, text, n, "{\"contact\":1}", FL_NTS, NULL, 0, &out, NULL));
    TRY(fl_desk_search(desk, text, n, &out, NULL));
    TRY(fl_desk_answer(desk, 1, "{\"guest\":1}", FL_NTS, text, n, &out, NULL));
    TRY(fl_desk_answer(desk, 1, text, n, "{\"text\":\"printer\"}", FL_NTS, &out, NULL));
    TRY(fl_desk_answer_page(desk, 1, "{\"guest\":1}", FL_NTS, text, n, &out, NULL));
    TRY(fl_desk_read_article(desk, 1, 0, text, n, &out, NULL));
    TRY(fl_desk_note(desk, 1, text, n, NULL));
    TRY(fl_desk_party(desk, text, n, &out, NULL));
    TRY(fl_desk_find_parties(desk, text, n, &out, NULL));
    TRY(fl_desk_erase(desk, text, n, 1, &out, NULL));
    TRY(fl_desk_dry_run(desk, text, n, 100, &out, NULL));
    TRY(fl_desk_adopt(desk, text, n, NULL, NULL));
    TRY(fl_desk_calendar(desk, text, n, &calendar, NULL));
    fl_calendar_free(calendar);
    calendar = NULL;
    import(empty, text, n);
    TRY(fl_rulebook_check(text, n, MONDAY, &out, NULL));
    TRY(fl_calendar_from_json(text, n, &calendar, NULL));
    fl_calendar_free(calendar);
    return 0;
}

#ifndef FUZZER

static uint64_t lot = 0x9e3779b97f4a7c15u;

/* xorshift64: the same rounds each time. */
static size_t below(size_t limit) {
    lot ^= lot << 13;
    lot ^= lot >> 7;
    lot ^= lot << 17;
    return (size_t)(lot % limit);
}

/* Changes some bytes, cuts the end off, or says a piece twice. The copy has room for twice the text. */
static size_t damage(char *copy, size_t length) {
    size_t at, piece, changes;
    for (changes = 1 + below(4); changes > 0 && length > 1; changes--) {
        at = below(length);
        switch (below(6)) {
        case 0:
            length = at + 1;
            break;
        case 1:
            piece = below(length - at) % 64;
            memmove(copy + at + piece, copy + at, length - at);
            length += piece;
            break;
        case 2:
            copy[at] = "{}[]\",:0"[below(8)];
            break;
        default:
            copy[at] = (char)below(256);
        }
    }
    return length;
}

/* What the story exports, whole: what an import reads. */
static char *exported(const char *story) {
    char *lines = strcpy((char *)malloc(strlen(story) + 1), story), *line, *text;
    static char name[] = "/tmp/firstline-fuzz-XXXXXX";
    fl_desk *told = story_desk(NULL);
    for (line = strtok(lines, "\n"); line != NULL; line = strtok(NULL, "\n")) {
        fl_desk_execute(told, line, FL_NTS, &out, NULL);
    }
    close(mkstemp(name));
    remove(name);
    check(fl_desk_export(told, name, FL_NTS, &out, NULL) == FL_STATUS_OK, "export");
    text = read_text(name);
    remove(name);
    fl_desk_close(told);
    free(lines);
    return text;
}

int main(int argc, char **argv) {
    char *story = read_text(STORY "/story.jsonl"), *export = exported(story), *lines[66], *line, *copy;
    long rounds = argc > 1 ? atol(argv[1]) : 2000, round;
    size_t count = 0, length;
    lines[count++] = export;
    lines[count++] = (char *)story_rules();
    for (line = strtok(story, "\n"); line != NULL && count < 66; line = strtok(NULL, "\n")) {
        lines[count++] = line;
    }
    for (round = 0; round < rounds; round++) {
        line = lines[below(count)];
        length = strlen(line);
        copy = (char *)malloc(2 * length + 256);
        memcpy(copy, line, length);
        length = damage(copy, length);
        LLVMFuzzerTestOneInput((const uint8_t *)copy, length);
        free(copy);
    }
    check(fl_desk_verify(desk, &out, NULL) == FL_STATUS_OK, "verify");
    check(fl_desk_verify(empty, &out, NULL) == FL_STATUS_OK, "verify what was imported");
    fl_buffer_free(&out);
    fl_desk_close(desk);
    fl_desk_close(empty);
    if (file != NULL) {
        fclose(file);
    }
    free(story);
    free(export);
    free((char *)story_rules());
    return summary("fuzz");
}

#endif
