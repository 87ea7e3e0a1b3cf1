/* A disk with so many bytes left: `LD_PRELOAD` this, and what is written to files beyond FULL_DISK_AFTER bytes fails as
   on a full one. Needs no root, unlike a small file system. */
#define _GNU_SOURCE
#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static atomic_long written;

static int is_full(int fd, size_t bytes) {
    const char *after = getenv("FULL_DISK_AFTER");
    struct stat file;
    if (!after || fstat(fd, &file) || !S_ISREG(file.st_mode)) return 0;
    if (atomic_fetch_add(&written, (long)bytes) + (long)bytes <= atol(after)) return 0;
    errno = ENOSPC;
    return 1;
}

ssize_t write(int fd, const void *from, size_t bytes) {
    return is_full(fd, bytes) ? -1 : syscall(SYS_write, fd, from, bytes);
}

ssize_t pwrite(int fd, const void *from, size_t bytes, off_t at) {
    return is_full(fd, bytes) ? -1 : syscall(SYS_pwrite64, fd, from, bytes, at);
}

ssize_t pwrite64(int fd, const void *from, size_t bytes, off64_t at) {
    return is_full(fd, bytes) ? -1 : syscall(SYS_pwrite64, fd, from, bytes, at);
}
