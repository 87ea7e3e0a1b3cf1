INSERT INTO journal (file, begin_byte, bytes, digest) VALUES (?1, ?2, ?3, ?4)
