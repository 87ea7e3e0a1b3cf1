SELECT number, extension, begin_byte, bytes, digest FROM backup_piece ORDER BY extension, number, begin_byte
