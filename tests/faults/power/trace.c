/* Writes down what a process does to the files of one folder, in order: for a test that replays it up to a power cut.
   Loaded with LD_PRELOAD. TRACE_ROOT: the folder; TRACE_FILE: where the trace goes (a line an operation, then bytes). */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int trace = -1;
static char root[PATH_MAX];
static char watched[4096];

#define REAL(type, name, ...) static type (*real)(__VA_ARGS__); if (!real) real = dlsym(RTLD_NEXT, name)

static void put(const char *data, size_t size) {
    while (size > 0) {
        ssize_t done = syscall(SYS_write, trace, data, size);
        if (done <= 0) abort();
        data += done;
        size -= (size_t)done;
    }
}

static void note(const char *data, size_t size, const char *format, ...) {
    char line[3 * PATH_MAX];
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    put(line, (size_t)length);
    if (data) put(data, size);
}

__attribute__((constructor)) static void begin(void) {
    const char *file = getenv("TRACE_FILE"), *folder = getenv("TRACE_ROOT");
    if (!file || !folder || !realpath(folder, root)) return;
    trace = (int)syscall(SYS_openat, AT_FDCWD, file, O_WRONLY | O_CREAT | O_APPEND, 0644);
}

static int inside(const char *path) { return trace >= 0 && path && strncmp(path, root, strlen(root)) == 0; }
static int is_watched(int fd) { return fd >= 0 && fd < (int)sizeof watched && watched[fd]; }

static int opened(int fd, const char *path, int flags) {
    if (fd >= 0 && fd < (int)sizeof watched) {
        watched[fd] = (char)inside(path);
        if (watched[fd]) note(0, 0, "OPEN %d %d %s\n", fd, (flags & O_TRUNC) != 0, path);
    }
    return fd;
}

#define OPEN(name) \
    int name(const char *path, int flags, ...) { \
        va_list arguments; va_start(arguments, flags); mode_t mode = va_arg(arguments, mode_t); va_end(arguments); \
        REAL(int, #name, const char *, int, ...); \
        pthread_mutex_lock(&lock); int fd = opened(real(path, flags, mode), path, flags); pthread_mutex_unlock(&lock); \
        return fd; }
OPEN(open)
OPEN(open64)

#define OPENAT(name) \
    int name(int at, const char *path, int flags, ...) { \
        va_list arguments; va_start(arguments, flags); mode_t mode = va_arg(arguments, mode_t); va_end(arguments); \
        REAL(int, #name, int, const char *, int, ...); \
        pthread_mutex_lock(&lock); int fd = opened(real(at, path, flags, mode), path, flags); \
        pthread_mutex_unlock(&lock); return fd; }
OPENAT(openat)
OPENAT(openat64)

int close(int fd) {
    REAL(int, "close", int);
    if (is_watched(fd)) watched[fd] = 0;
    return real(fd);
}

ssize_t write(int fd, const void *data, size_t size) {
    REAL(ssize_t, "write", int, const void *, size_t);
    if (!is_watched(fd)) return real(fd, data, size);
    pthread_mutex_lock(&lock);
    long long at = (long long)lseek(fd, 0, SEEK_CUR);
    ssize_t done = real(fd, data, size);
    if (done > 0) note(data, (size_t)done, "WRITE %d %lld %zd\n", fd, at, done);
    pthread_mutex_unlock(&lock);
    return done;
}

#define PWRITE(name, offset_type) \
    ssize_t name(int fd, const void *data, size_t size, offset_type at) { \
        REAL(ssize_t, #name, int, const void *, size_t, offset_type); \
        if (!is_watched(fd)) return real(fd, data, size, at); \
        pthread_mutex_lock(&lock); ssize_t done = real(fd, data, size, at); \
        if (done > 0) note(data, (size_t)done, "WRITE %d %lld %zd\n", fd, (long long)at, done); \
        pthread_mutex_unlock(&lock); return done; }
PWRITE(pwrite, off_t)
PWRITE(pwrite64, off64_t)

#define ONE(name, mark, type) \
    int name(int fd, type size) { \
        REAL(int, #name, int, type); \
        pthread_mutex_lock(&lock); int done = real(fd, size); \
        if (!done && is_watched(fd)) note(0, 0, mark " %d %lld\n", fd, (long long)size); \
        pthread_mutex_unlock(&lock); return done; }
ONE(ftruncate, "TRUNCATE", off_t)
ONE(ftruncate64, "TRUNCATE", off64_t)

#define SYNC(name) \
    int name(int fd) { \
        REAL(int, #name, int); \
        if (getenv("TRACE_NO_SYNC")) return 0; \
        pthread_mutex_lock(&lock); int done = real(fd); \
        if (!done && is_watched(fd)) note(0, 0, "SYNC %d\n", fd); \
        pthread_mutex_unlock(&lock); return done; }
SYNC(fsync)
SYNC(fdatasync)

int rename(const char *from, const char *to) {
    REAL(int, "rename", const char *, const char *);
    pthread_mutex_lock(&lock);
    int done = real(from, to);
    if (!done && inside(to)) note(0, 0, "RENAME %s\t%s\n", from, to);
    pthread_mutex_unlock(&lock);
    return done;
}

int unlink(const char *path) {
    REAL(int, "unlink", const char *);
    pthread_mutex_lock(&lock);
    int done = real(path);
    if (!done && inside(path)) note(0, 0, "UNLINK %s\n", path);
    pthread_mutex_unlock(&lock);
    return done;
}

int mkdir(const char *path, mode_t mode) {
    REAL(int, "mkdir", const char *, mode_t);
    pthread_mutex_lock(&lock);
    int done = real(path, mode);
    if (!done && inside(path)) note(0, 0, "MKDIR %s\n", path);
    pthread_mutex_unlock(&lock);
    return done;
}
