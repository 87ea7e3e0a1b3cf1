SELECT file, begin_byte, bytes, digest FROM journal ORDER BY seq
