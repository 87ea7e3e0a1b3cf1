SELECT file, begin_byte, bytes, digest FROM wal ORDER BY seq
