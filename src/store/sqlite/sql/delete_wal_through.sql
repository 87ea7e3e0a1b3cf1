DELETE FROM wal WHERE seq <= ?1
