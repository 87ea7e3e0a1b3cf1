SELECT number FROM run UNION SELECT file FROM wal
