INSERT INTO wal (file, begin_byte, bytes, digest) VALUES (?1, ?2, ?3, ?4)
