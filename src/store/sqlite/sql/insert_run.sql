INSERT INTO run (number, kind, entries, bytes, blocks, filter_words, end_digest) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
