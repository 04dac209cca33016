/* A host with a SQLite of its own that links firstline statically: each keeps to its own. */

#include "check.h"

const char *sqlite3_libversion(void);
int sqlite3_open_v2(const char *name, void **database, int flags, const char *vfs);

const char *sqlite3_libversion(void) {
    return "of the host";
}

/* Would open the desk's journal, if the library could see it. */
int sqlite3_open_v2(const char *name, void **database, int flags, const char *vfs) {
    (void)name, (void)database, (void)flags, (void)vfs;
    check(0, "the library opened its journal with the SQLite of the host");
    return 1;
}

int main(int argc, char **argv) {
    fl_desk *desk = story_desk(argc > 1 ? argv[1] : NULL);
    must(desk, "{\"actor\":\"system\",\"action\":{\"save\":{\"id\":{\"contact\":1},"
               "\"party\":{\"contact\":{\"name\":\"Ada\"}}}}}");
    check(strcmp(sqlite3_libversion(), "of the host") == 0, "the host got another SQLite");
    check(fl_desk_close(desk) == FL_STATUS_OK, "close");
    free((char *)story_rules());
    return summary("beside_sqlite");
}
