/* What the test programs share: checks that count, files, and the desk of the story. */

#ifndef CHECK_H
#define CHECK_H

#include <firstline.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A Monday morning in winter, and an hour. */
#define MONDAY 1772442000000LL
#define HOUR 3600000LL

static int checked, failed;

static inline void check(int holds, const char *format, ...) {
    va_list arguments;
    checked++;
    if (holds) {
        return;
    }
    failed++;
    va_start(arguments, format);
    vfprintf(stderr, format, arguments);
    fputc('\n', stderr);
    va_end(arguments);
}

static inline int summary(const char *name) {
    printf("%s: %d checks, %d failed\n", name, checked, failed);
    return failed != 0;
}

/* A whole file as a text; STORY is the folder of the story. */
static inline char *read_text(const char *path) {
    FILE *file = fopen(path, "rb");
    char *text;
    long length;
    if (file == NULL || fseek(file, 0, SEEK_END) != 0 || (length = ftell(file)) < 0) {
        perror(path);
        exit(2);
    }
    rewind(file);
    text = (char *)malloc((size_t)length + 1);
    if (text == NULL || fread(text, 1, (size_t)length, file) != (size_t)length) {
        perror(path);
        exit(2);
    }
    text[length] = '\0';
    fclose(file);
    return text;
}

static inline const char *story_rules(void) {
    static char *rules;
    if (rules == NULL) {
        rules = read_text(STORY "/story.toml");
    }
    return rules;
}

/* A desk in a folder, or in memory, whose clock stands at MONDAY. */
static inline fl_desk *story_desk(const char *folder) {
    fl_desk_options options;
    fl_desk *desk = NULL;
    fl_error *error = NULL;
    int32_t status;
    memset(&options, 0, sizeof options);
    options.struct_size = sizeof options;
    options.abi_version = FL_ABI_VERSION;
    options.clock = FL_CLOCK_HOST;
    options.now_ms = MONDAY;
    status = folder == NULL
        ? fl_desk_open_in_memory(story_rules(), FL_NTS, &options, &desk, &error)
        : fl_desk_open(folder, FL_NTS, story_rules(), FL_NTS, &options, &desk, &error);
    if (status != FL_STATUS_OK) {
        fprintf(stderr, "%s\n", fl_error_message(error));
        exit(2);
    }
    return desk;
}

/* Carries out a command that must be carried out. */
static inline void must(fl_desk *desk, const char *command) {
    fl_buffer out = {NULL, 0, 0};
    fl_error *error = NULL;
    int32_t status = fl_desk_execute(desk, command, FL_NTS, &out, &error);
    check(status == FL_STATUS_OK, "%s: %s", command, error ? fl_error_message(error) : "");
    fl_error_free(error);
    fl_buffer_free(&out);
}

#endif
