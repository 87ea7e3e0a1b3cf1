INSERT INTO backup_piece (number, extension, begin_byte, bytes, digest) VALUES (?1, ?2, ?3, ?4, ?5)
