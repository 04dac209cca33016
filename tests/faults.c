/*
 * A disk that fails when it is told to. Preloaded into a test, it stands between the program and the
 * C library, and concerns itself only with files whose path contains FIRSTLINE_FAULT_ROOT.
 *
 * It is told what to do by attempts to open paths that do not exist:
 *
 *   /firstline-fault/arm/OP/N/EFFECT  the N-th OP from now on goes wrong
 *                                     OP: read write sync open truncate rename link any
 *                                     EFFECT: eio  that call fails once
 *                                             full no call finds room until `power`
 *                                             short half of a write is done, and it says so
 *                                             torn half of a write is done, and it says EIO
 *                                             cut  the power fails
 *   /firstline-fault/cut              the power fails now
 *   /firstline-fault/lie              from now on syncs say that they did, and did not
 *   /firstline-fault/seed/N           for what a power cut leaves
 *   /firstline-fault/fired            exists (EEXIST) if something went wrong since `power`
 *   /firstline-fault/power            everything works again; what happened is forgotten
 *
 * A power cut takes every file back to its last sync and then lets a random part of what was written
 * after that come through, each write whole, torn or not at all. Names come and go with the folder: what
 * was made, linked, renamed or removed in one that was not synced since is undone, the last first, as far
 * back as chance will have it.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum op { READ, WRITE, SYNC, OPEN, TRUNCATE, RENAME, LINK, ANY };
enum effect { NOTHING, EIO_ONCE, FULL, SHORT, TORN, CUT };

/* What was done to a file since its last sync. A truncation has no `new` bytes. */
struct change {
    struct change *before;
    off_t at, old_size;
    size_t old_length, new_length;
    unsigned char *old, *new;
    int truncated;
};

struct file {
    struct file *next;
    char path[400];
    int shadow; /* a descriptor of our own: closing it would drop the program's locks */
    struct change *last;
};

/* What was done to the names in a folder since its last sync. */
struct entry {
    struct entry *before;
    enum { MADE, RENAMED, REMOVED } what;
    char name[400], to[400];
    char grave[400]; /* what had the name before, under another one; empty if nothing had */
};

#define DESCRIPTORS 4096
static struct file *files, *open_files[DESCRIPTORS];
static struct entry *entries;
static char *open_folders[DESCRIPTORS];
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static enum op armed_op;
static enum effect armed_effect;
static long countdown;
static int fired, dead, full, lying;
static uint64_t seed = 1;

static ssize_t (*real_pwrite)(int, const void *, size_t, off_t);
static ssize_t (*real_write)(int, const void *, size_t);
static ssize_t (*real_pread)(int, void *, size_t, off_t), (*real_read)(int, void *, size_t);
static int (*real_fsync)(int), (*real_fdatasync)(int), (*real_ftruncate)(int, off_t);
static int (*real_open)(const char *, int, ...), (*real_close)(int);
static int (*real_rename)(const char *, const char *), (*real_unlink)(const char *);
static int (*real_linkat)(int, const char *, int, const char *, int);

__attribute__((constructor)) static void begin(void) {
    real_pwrite = dlsym(RTLD_NEXT, "pwrite64");
    real_write = dlsym(RTLD_NEXT, "write");
    real_pread = dlsym(RTLD_NEXT, "pread64");
    real_read = dlsym(RTLD_NEXT, "read");
    real_fsync = dlsym(RTLD_NEXT, "fsync");
    real_fdatasync = dlsym(RTLD_NEXT, "fdatasync");
    real_ftruncate = dlsym(RTLD_NEXT, "ftruncate64");
    real_open = dlsym(RTLD_NEXT, "open64");
    real_close = dlsym(RTLD_NEXT, "close");
    real_rename = dlsym(RTLD_NEXT, "rename");
    real_unlink = dlsym(RTLD_NEXT, "unlink");
    real_linkat = dlsym(RTLD_NEXT, "linkat");
}

static unsigned draw(unsigned end) {
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return (unsigned)(seed >> 33) % end;
}

static int concerns(const char *path) {
    const char *root = getenv("FIRSTLINE_FAULT_ROOT");
    return root && strstr(path, root) != NULL;
}

static struct file *file_of(int fd) {
    return fd >= 0 && fd < DESCRIPTORS ? open_files[fd] : NULL;
}

static void forget_changes(struct file *file) {
    while (file->last) {
        struct change *change = file->last;
        file->last = change->before;
        free(change->old);
        free(change->new);
        free(change);
    }
}

/* Takes a file back to its last sync, and lets some of the later writes through. */
static void lose_power(struct file *file) {
    struct change *change, *forward = NULL;
    while ((change = file->last)) {
        if (change->old_length) real_pwrite(file->shadow, change->old, change->old_length, change->at);
        real_ftruncate(file->shadow, change->old_size);
        file->last = change->before;
        change->before = forward;
        forward = change;
    }
    unsigned luck = draw(4);
    while ((change = forward)) {
        forward = change->before;
        if (luck && draw(4) < luck) {
            size_t length = change->new_length;
            if (draw(8) == 0) length = length / 1024 * 512;
            if (change->truncated) real_ftruncate(file->shadow, change->at);
            else if (length) real_pwrite(file->shadow, change->new, length, change->at);
        }
        free(change->old);
        free(change->new);
        free(change);
    }
}

/* Shared memory does not survive a power cut at all, and nobody relies on it. */
static int is_shared_memory(const char *path) {
    size_t length = strlen(path);
    return length > 4 && !strcmp(path + length - 4, "-shm");
}

/* Takes note of what is about to happen to a name, and keeps the file that has it. */
static void note_entry(int what, const char *name, const char *to) {
    static long graves;
    const char *lost = what == RENAMED ? to : name;
    if (!concerns(lost) || is_shared_memory(lost) || strlen(name) >= 400 || strlen(to) >= 400) return;
    struct entry *entry = calloc(1, sizeof *entry);
    entry->what = what;
    strcpy(entry->name, name);
    strcpy(entry->to, to);
    if (what != MADE && !access(lost, F_OK)) {
        int above = (int)(strstr(lost, getenv("FIRSTLINE_FAULT_ROOT")) - lost);
        snprintf(entry->grave, 400, "%.*sfirstline-gone-%d-%ld", above, lost, (int)getpid(), ++graves);
        if (real_linkat(AT_FDCWD, lost, AT_FDCWD, entry->grave, 0)) entry->grave[0] = 0;
    }
    entry->before = entries;
    entries = entry;
}

static void forget_entry(struct entry **place) {
    struct entry *entry = *place;
    *place = entry->before;
    if (entry->grave[0]) real_unlink(entry->grave);
    free(entry);
}

static int is_in(const char *name, const char *folder) {
    size_t length = strlen(folder);
    return !strncmp(name, folder, length) && strrchr(name, '/') == name + length;
}

/* Nothing of ours stays behind. */
__attribute__((destructor)) static void end(void) {
    while (entries) forget_entry(&entries);
}

/* The names in a folder are on the disk. */
static void sync_entries(const char *folder) {
    for (struct entry **place = &entries; *place;) {
        struct entry *entry = *place;
        if (is_in(entry->what == RENAMED ? entry->to : entry->name, folder)) forget_entry(place);
        else place = &entry->before;
    }
}

static void undo(struct entry *entry) {
    if (entry->what == MADE) real_unlink(entry->name);
    if (entry->what == RENAMED) real_rename(entry->to, entry->name);
    if (!entry->grave[0]) return;
    real_rename(entry->grave, entry->what == RENAMED ? entry->to : entry->name);
    entry->grave[0] = 0;
}

static void cut(void) {
    for (struct file *file = files; file; file = file->next) lose_power(file);
    unsigned count = 0;
    for (struct entry *entry = entries; entry; entry = entry->before) count++;
    for (unsigned lost = draw(count + 1); lost > 0; lost--) {
        undo(entries);
        forget_entry(&entries);
    }
    dead = fired = 1;
}

static void power(void) {
    dead = full = lying = fired = 0;
    armed_effect = NOTHING;
    while (entries) forget_entry(&entries);
    while (files) {
        struct file *file = files;
        files = file->next;
        for (int fd = 0; fd < DESCRIPTORS; fd++)
            if (open_files[fd] == file) open_files[fd] = NULL;
        forget_changes(file);
        real_close(file->shadow);
        free(file);
    }
}

static int command(const char *text) {
    char op[16], effect[16];
    long n;
    static const char *ops[] = {"read", "write", "sync", "open", "truncate", "rename", "link", "any"};
    static const char *effects[] = {"", "eio", "full", "short", "torn", "cut"};
    if (sscanf(text, "arm/%15[a-z]/%ld/%15[a-z]", op, &n, effect) == 3) {
        for (int i = 0; i < 8; i++)
            if (!strcmp(op, ops[i])) armed_op = i;
        for (int i = 0; i < 6; i++)
            if (!strcmp(effect, effects[i])) armed_effect = i;
        countdown = n;
    } else if (sscanf(text, "seed/%ld", &n) == 1) seed = n * 0x9E3779B97F4A7C15u + 1;
    else if (!strcmp(text, "cut")) cut();
    else if (!strcmp(text, "lie")) lying = 1;
    else if (!strcmp(text, "power")) power();
    else if (!strcmp(text, "fired")) { errno = fired ? EEXIST : ENOENT; return -1; }
    else abort();
    errno = ENOENT;
    return -1;
}

/* What becomes of an operation. */
static enum effect verdict(enum op op) {
    if (dead) return EIO_ONCE;
    if (full && (op == WRITE || op == OPEN)) return FULL;
    if (armed_effect == NOTHING || (armed_op != ANY && armed_op != op) || --countdown > 0) return NOTHING;
    enum effect effect = armed_effect;
    armed_effect = NOTHING;
    fired = 1;
    if (effect == FULL) full = 1;
    if (effect == CUT) cut();
    if (effect == FULL && op != WRITE && op != OPEN) return NOTHING;
    return effect;
}

static int refuse(enum effect effect) {
    errno = effect == FULL ? ENOSPC : EIO;
    return -1;
}

static struct change *note(struct file *file, off_t at, size_t length) {
    struct stat stat;
    fstat(file->shadow, &stat);
    struct change *change = calloc(1, sizeof *change);
    change->before = file->last;
    change->at = at;
    change->old_size = stat.st_size;
    if (at < stat.st_size) {
        change->old = malloc(length ? length : 1);
        ssize_t got = real_pread(file->shadow, change->old, length, at);
        change->old_length = got > 0 ? got : 0;
    }
    file->last = change;
    return change;
}

static ssize_t change_bytes(struct file *file, int fd, const void *bytes, size_t length, off_t at) {
    enum effect effect = verdict(WRITE);
    size_t wanted = effect == SHORT || effect == TORN ? length / 2 : length;
    if (effect == EIO_ONCE || effect == FULL || effect == CUT) return refuse(effect);
    struct change *change = note(file, at, wanted);
    change->new = malloc(wanted ? wanted : 1);
    memcpy(change->new, bytes, wanted);
    change->new_length = wanted;
    ssize_t done = wanted ? real_pwrite(fd, bytes, wanted, at) : 0;
    return effect == TORN ? refuse(effect) : done;
}

ssize_t pwrite64(int fd, const void *bytes, size_t length, off_t at) {
    pthread_mutex_lock(&lock);
    struct file *file = file_of(fd);
    ssize_t done = file ? change_bytes(file, fd, bytes, length, at) : real_pwrite(fd, bytes, length, at);
    pthread_mutex_unlock(&lock);
    return done;
}
ssize_t pwrite(int fd, const void *bytes, size_t length, off_t at) {
    return pwrite64(fd, bytes, length, at);
}

ssize_t write(int fd, const void *bytes, size_t length) {
    struct file *file = file_of(fd);
    if (!file) return real_write(fd, bytes, length);
    pthread_mutex_lock(&lock);
    int append = fcntl(fd, F_GETFL) & O_APPEND;
    off_t at = lseek(fd, 0, append ? SEEK_END : SEEK_CUR);
    ssize_t done = change_bytes(file, fd, bytes, length, at);
    if (done > 0) lseek(fd, at + done, SEEK_SET);
    pthread_mutex_unlock(&lock);
    return done;
}

ssize_t pread64(int fd, void *bytes, size_t length, off_t at) {
    pthread_mutex_lock(&lock);
    enum effect effect = file_of(fd) ? verdict(READ) : NOTHING;
    ssize_t done = effect == NOTHING ? real_pread(fd, bytes, length, at) : refuse(EIO_ONCE);
    pthread_mutex_unlock(&lock);
    return done;
}
ssize_t pread(int fd, void *bytes, size_t length, off_t at) { return pread64(fd, bytes, length, at); }

ssize_t read(int fd, void *bytes, size_t length) {
    if (!file_of(fd)) return real_read(fd, bytes, length);
    pthread_mutex_lock(&lock);
    enum effect effect = verdict(READ);
    ssize_t done = effect == NOTHING ? real_read(fd, bytes, length) : refuse(EIO_ONCE);
    pthread_mutex_unlock(&lock);
    return done;
}

static int sync_file(int fd, int (*real)(int)) {
    pthread_mutex_lock(&lock);
    struct file *file = file_of(fd);
    const char *folder = fd >= 0 && fd < DESCRIPTORS ? open_folders[fd] : NULL;
    int done = 0;
    if (!file && !folder) done = real(fd);
    else {
        enum effect effect = verdict(SYNC);
        if (effect != NOTHING) done = refuse(EIO_ONCE);
        else if (!lying && file) forget_changes(file);
        else if (!lying) sync_entries(folder);
    }
    pthread_mutex_unlock(&lock);
    return done;
}
int fsync(int fd) { return sync_file(fd, real_fsync); }
int fdatasync(int fd) { return sync_file(fd, real_fdatasync); }

int ftruncate64(int fd, off_t size) {
    pthread_mutex_lock(&lock);
    struct file *file = file_of(fd);
    int done;
    enum effect effect = file ? verdict(TRUNCATE) : NOTHING;
    if (effect != NOTHING) done = refuse(effect);
    else {
        if (file) {
            struct stat stat;
            fstat(fd, &stat);
            note(file, size, stat.st_size > size ? stat.st_size - size : 0)->truncated = 1;
        }
        done = real_ftruncate(fd, size);
    }
    pthread_mutex_unlock(&lock);
    return done;
}
int ftruncate(int fd, off_t size) { return ftruncate64(fd, size); }

static void track(int fd, const char *path) {
    size_t length = strlen(path);
    if (fd < 0 || fd >= DESCRIPTORS || length >= sizeof files->path) return;
    if (is_shared_memory(path)) return;
    struct file *file = files;
    while (file && strcmp(file->path, path)) file = file->next;
    if (!file) {
        int shadow = real_open(path, O_RDWR | O_CLOEXEC);
        if (shadow < 0) return;
        file = calloc(1, sizeof *file);
        strcpy(file->path, path);
        file->shadow = shadow;
        file->next = files;
        files = file;
    }
    open_files[fd] = file;
}

int open64(const char *path, int flags, ...) {
    static const char prefix[] = "/firstline-fault/";
    va_list arguments;
    va_start(arguments, flags);
    mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(arguments, mode_t) : 0;
    va_end(arguments);
    int done;
    pthread_mutex_lock(&lock);
    if (!strncmp(path, prefix, sizeof prefix - 1)) done = command(path + sizeof prefix - 1);
    else if (!concerns(path) || flags & O_DIRECTORY) done = real_open(path, flags, mode);
    else {
        enum effect effect = verdict(OPEN);
        if (effect != NOTHING) done = refuse(effect);
        else {
            int is_new = flags & O_CREAT && access(path, F_OK);
            done = real_open(path, flags, mode);
            struct stat stat;
            if (done >= 0 && is_new) note_entry(MADE, path, "");
            if (done >= 0 && !fstat(done, &stat)) {
                if (S_ISREG(stat.st_mode)) track(done, path);
                if (S_ISDIR(stat.st_mode) && done < DESCRIPTORS) open_folders[done] = strdup(path);
            }
        }
    }
    pthread_mutex_unlock(&lock);
    return done;
}
int open(const char *path, int flags, ...) {
    va_list arguments;
    va_start(arguments, flags);
    mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(arguments, mode_t) : 0;
    va_end(arguments);
    return open64(path, flags, mode);
}

int close(int fd) {
    pthread_mutex_lock(&lock);
    if (fd >= 0 && fd < DESCRIPTORS) {
        open_files[fd] = NULL;
        free(open_folders[fd]);
        open_folders[fd] = NULL;
    }
    pthread_mutex_unlock(&lock);
    return real_close(fd);
}

/* A file under another name has no history there: its next life begins. What becomes of the file that had
 * the name is still told by its last sync, for the name may come back to it. */
static void forget_path(const char *path) {
    for (struct file *file = files; file; file = file->next)
        if (!strcmp(file->path, path)) file->path[0] = 0;
}

int rename(const char *from, const char *to) {
    pthread_mutex_lock(&lock);
    int done;
    enum effect effect = concerns(to) ? verdict(RENAME) : NOTHING;
    if (effect != NOTHING) done = refuse(effect);
    else {
        struct entry *before = entries;
        note_entry(RENAMED, from, to);
        done = real_rename(from, to);
        if (!done && concerns(to)) {
            forget_path(to);
            for (struct file *file = files; file; file = file->next)
                if (!strcmp(file->path, from) && strlen(to) < sizeof file->path) strcpy(file->path, to);
        }
        if (done && entries != before) forget_entry(&entries);
    }
    pthread_mutex_unlock(&lock);
    return done;
}

int linkat(int from_folder, const char *from, int to_folder, const char *to, int flags) {
    pthread_mutex_lock(&lock);
    int done;
    enum effect effect = concerns(to) ? verdict(LINK) : NOTHING;
    if (effect != NOTHING) done = refuse(effect);
    else {
        done = real_linkat(from_folder, from, to_folder, to, flags);
        if (!done) note_entry(MADE, to, "");
    }
    pthread_mutex_unlock(&lock);
    return done;
}
int link(const char *from, const char *to) { return linkat(AT_FDCWD, from, AT_FDCWD, to, 0); }

int unlink(const char *path) {
    pthread_mutex_lock(&lock);
    int done;
    if (dead && concerns(path)) done = refuse(EIO_ONCE);
    else {
        struct entry *before = entries;
        note_entry(REMOVED, path, "");
        done = real_unlink(path);
        if (!done) forget_path(path);
        else if (entries != before) forget_entry(&entries);
    }
    pthread_mutex_unlock(&lock);
    return done;
}
