/* A disk that is full or fails, for a program that is started with this in LD_PRELOAD. Needs no root, unlike a small file
   system. Only files count.

     FULL_DISK_AFTER=N     what is written beyond N bytes fails for want of room
     FULL_DISK_WHILE=FILE  the same as long as FILE is there
     FULL_DISK_IN=PART     only for files whose path holds PART
     SYNC_FAILS_AFTER=N    every sync after the first N fails, as when the disk did not keep what was written */
#define _GNU_SOURCE
#include <errno.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

static atomic_long written, synced;

static int is_in(int fd, const char *part) {
    char link[64], path[4096];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length < 0) return 0;
    path[length] = 0;
    return strstr(path, part) != NULL;
}

static int is_full(int fd, size_t bytes) {
    const char *after = getenv("FULL_DISK_AFTER"), *during = getenv("FULL_DISK_WHILE"), *in = getenv("FULL_DISK_IN");
    struct stat file;
    if ((!after && !during) || fstat(fd, &file) || !S_ISREG(file.st_mode) || (in && !is_in(fd, in))) return 0;
    int full = (after && atomic_fetch_add(&written, (long)bytes) + (long)bytes > atol(after)) || (during && !access(during, F_OK));
    if (full) errno = ENOSPC;
    return full;
}

ssize_t write(int fd, const void *from, size_t bytes) {
    return is_full(fd, bytes) ? -1 : syscall(SYS_write, fd, from, bytes);
}

ssize_t pwrite64(int fd, const void *from, size_t bytes, off64_t at) {
    return is_full(fd, bytes) ? -1 : syscall(SYS_pwrite64, fd, from, bytes, at);
}

ssize_t pwrite(int fd, const void *from, size_t bytes, off_t at) {
    return pwrite64(fd, from, bytes, at);
}

ssize_t pwritev64(int fd, const struct iovec *parts, int count, off64_t at) {
    /* The kernel takes the offset in two halves; here the first holds all of it. */
    return is_full(fd, 1) ? -1 : syscall(SYS_pwritev, fd, parts, count, at, 0);
}

ssize_t pwritev(int fd, const struct iovec *parts, int count, off_t at) {
    return pwritev64(fd, parts, count, at);
}

static int sync_fails(void) {
    const char *after = getenv("SYNC_FAILS_AFTER");
    if (!after || atomic_fetch_add(&synced, 1) < atol(after)) return 0;
    errno = EIO;
    return 1;
}

int fsync(int fd) {
    return sync_fails() ? -1 : (int)syscall(SYS_fsync, fd);
}

int fdatasync(int fd) {
    return sync_fails() ? -1 : (int)syscall(SYS_fdatasync, fd);
}
