/* Counts each step of this process that reaches a disk, and lets the n-th fail.
 *
 * Loaded by LD_PRELOAD, so it sees the steps of Python and of every library alike. A step is: to
 * open a file for writing, to write, to sync, to rename, to make a folder, to remove. Nothing is
 * counted until fault_arm() is called, which tests/faults/runner.py does in the child it forks.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

enum { OPEN = 1, WRITE = 2, SYNC = 4, RENAME = 8, FOLDER = 16, REMOVE = 32 };
enum { COUNT = 0, KILL = 1, TORN = 2, FAIL = 3, SHORT = 4, CLOCK = 5 };

static struct {
    int armed, action, among, at, lasting, number;
    long clock_by;
} want;

static struct {
    int count;        /* the steps so far, of those among which the n-th is sought */
    int of_kind[6];   /* all steps so far, by kind */
    int met;          /* whether it was met */
    char where[1000]; /* what it was */
} *shared;

__attribute__((constructor)) static void begin(void) {
    shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
}

void fault_reset(void) { memset(shared, 0, sizeof *shared); }

void fault_arm(int action, int among, int at, int lasting, int number, long clock_by) {
    want.action = action;
    want.among = among;
    want.at = at;
    want.lasting = lasting;
    want.number = number;
    want.clock_by = clock_by;
    want.armed = 1;
}

int fault_count_of(int bit) { return shared->of_kind[bit]; }
int fault_met(void) { return shared->met; }
const char *fault_where(void) { return shared->where; }

static _Noreturn void die(void) {
    kill(getpid(), SIGKILL);
    for (;;) pause();
}

/* What is to become of a step: 0 it is taken, 1 half of it is, -1 it fails with errno. */
static int step(int kind, const char *name, int fd, const char *path) {
    if (!want.armed) return 0;
    __sync_add_and_fetch(&shared->of_kind[__builtin_ctz(kind)], 1);
    if (!(want.among & kind)) return 0;
    int count = __sync_add_and_fetch(&shared->count, 1);
    if (want.action == COUNT || count < want.at || (count > want.at && !want.lasting)) return 0;
    if (!__sync_lock_test_and_set(&shared->met, 1)) {
        char found[800] = "", link[40];
        if (!path) {
            snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
            if (readlink(link, found, sizeof found - 1) < 0) found[0] = 0;
            path = found;
        }
        snprintf(shared->where, sizeof shared->where, "%s %s", name, path);
    }
    switch (want.action) {
    case KILL: die();
    case TORN: return 1;
    case SHORT: return 1;
    case FAIL: errno = want.number; return -1;
    }
    return 0; /* of the clock: it jumps, and the step is taken */
}

static int is_on_disk(int fd) {
    struct stat found;
    return want.armed && fd > 2 && !fstat(fd, &found) && S_ISREG(found.st_mode);
}

#define REAL(name) ({ static __typeof__(&name) real; \
    real = real ? real : (__typeof__(&name))dlsym(RTLD_NEXT, #name); \
    real; })

#define OPENED(name, path, flags, call) \
    if (((flags) & O_ACCMODE) != O_RDONLY && step(OPEN, name, -1, path) < 0) return -1; \
    return call

#define MODE(flags) mode_t mode = 0; \
    if (flags & (O_CREAT | O_TMPFILE)) { va_list rest; va_start(rest, flags); \
        mode = va_arg(rest, mode_t); va_end(rest); }

int open(const char *path, int flags, ...) {
    MODE(flags) OPENED("open", path, flags, REAL(open)(path, flags, mode));
}
int open64(const char *path, int flags, ...) {
    MODE(flags) OPENED("open", path, flags, REAL(open64)(path, flags, mode));
}
int openat(int at, const char *path, int flags, ...) {
    MODE(flags) OPENED("openat", path, flags, REAL(openat)(at, path, flags, mode));
}
int openat64(int at, const char *path, int flags, ...) {
    MODE(flags) OPENED("openat", path, flags, REAL(openat64)(at, path, flags, mode));
}
int creat(const char *path, mode_t mode) {
    OPENED("creat", path, O_WRONLY, REAL(creat)(path, mode));
}
FILE *fopen(const char *path, const char *mode) {
    if (*mode != 'r' && step(OPEN, "fopen", -1, path) < 0) return NULL;
    return REAL(fopen)(path, mode);
}
FILE *fopen64(const char *path, const char *mode) {
    if (*mode != 'r' && step(OPEN, "fopen", -1, path) < 0) return NULL;
    return REAL(fopen64)(path, mode);
}

/* A write of some bytes: all of them, half of them, or none. */
#define WROTE(name, fd, size, all, half) \
    int fate = is_on_disk(fd) ? step(WRITE, name, fd, NULL) : 0; \
    if (fate < 0) return -1; \
    if (fate == 0 || (size) < 2) return all; \
    ssize_t done = half; \
    if (want.action == TORN) die(); \
    return done

ssize_t write(int fd, const void *from, size_t size) {
    WROTE("write", fd, size, REAL(write)(fd, from, size), REAL(write)(fd, from, size / 2));
}
ssize_t pwrite(int fd, const void *from, size_t size, off_t at) {
    WROTE("pwrite", fd, size, REAL(pwrite)(fd, from, size, at), REAL(pwrite)(fd, from, size / 2, at));
}
ssize_t pwrite64(int fd, const void *from, size_t size, off64_t at) {
    WROTE("pwrite", fd, size, REAL(pwrite64)(fd, from, size, at), REAL(pwrite64)(fd, from, size / 2, at));
}
ssize_t writev(int fd, const struct iovec *parts, int number) {
    WROTE("writev", fd, number, REAL(writev)(fd, parts, number), REAL(writev)(fd, parts, number / 2));
}
ssize_t sendfile(int to, int from, off_t *at, size_t size) {
    WROTE("sendfile", to, size, REAL(sendfile)(to, from, at, size), REAL(sendfile)(to, from, at, 100));
}
ssize_t sendfile64(int to, int from, off64_t *at, size_t size) {
    WROTE("sendfile", to, size, REAL(sendfile64)(to, from, at, size), REAL(sendfile64)(to, from, at, 100));
}
ssize_t copy_file_range(int from, off64_t *at, int to, off64_t *into, size_t size, unsigned flags) {
    WROTE("copy_file_range", to, size, REAL(copy_file_range)(from, at, to, into, size, flags),
          REAL(copy_file_range)(from, at, to, into, 100, flags));
}
int ftruncate(int fd, off_t size) {
    return is_on_disk(fd) && step(WRITE, "ftruncate", fd, NULL) < 0 ? -1 : REAL(ftruncate)(fd, size);
}
int ftruncate64(int fd, off64_t size) {
    return is_on_disk(fd) && step(WRITE, "ftruncate", fd, NULL) < 0 ? -1 : REAL(ftruncate64)(fd, size);
}

#define STEP(kind, name, fd, path, call) return step(kind, name, fd, path) < 0 ? -1 : (call)

int fsync(int fd) { STEP(SYNC, "fsync", fd, NULL, REAL(fsync)(fd)); }
int fdatasync(int fd) { STEP(SYNC, "fdatasync", fd, NULL, REAL(fdatasync)(fd)); }
int rename(const char *from, const char *to) {
    STEP(RENAME, "rename", -1, to, REAL(rename)(from, to));
}
int renameat(int from_at, const char *from, int to_at, const char *to) {
    STEP(RENAME, "renameat", -1, to, REAL(renameat)(from_at, from, to_at, to));
}
int renameat2(int from_at, const char *from, int to_at, const char *to, unsigned flags) {
    STEP(RENAME, "renameat2", -1, to, REAL(renameat2)(from_at, from, to_at, to, flags));
}
int link(const char *from, const char *to) { STEP(RENAME, "link", -1, to, REAL(link)(from, to)); }
int mkdir(const char *path, mode_t mode) { STEP(FOLDER, "mkdir", -1, path, REAL(mkdir)(path, mode)); }
int mkdirat(int at, const char *path, mode_t mode) {
    STEP(FOLDER, "mkdirat", -1, path, REAL(mkdirat)(at, path, mode));
}
int unlink(const char *path) { STEP(REMOVE, "unlink", -1, path, REAL(unlink)(path)); }
int unlinkat(int at, const char *path, int flags) {
    STEP(REMOVE, "unlinkat", -1, path, REAL(unlinkat)(at, path, flags));
}
int rmdir(const char *path) { STEP(REMOVE, "rmdir", -1, path, REAL(rmdir)(path)); }

/* The clock of days jumps once the n-th step is met. */
static long jumped(void) { return want.armed && want.action == CLOCK && shared->met ? want.clock_by : 0; }

int clock_gettime(clockid_t which, struct timespec *now) {
    int failed = REAL(clock_gettime)(which, now);
    if (!failed && which == CLOCK_REALTIME) now->tv_sec += jumped();
    return failed;
}
int gettimeofday(struct timeval *restrict now, void *restrict zone) {
    int failed = REAL(gettimeofday)(now, zone);
    if (!failed) now->tv_sec += jumped();
    return failed;
}
time_t time(time_t *into) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    if (into) *into = now.tv_sec;
    return now.tv_sec;
}
