INSERT INTO run (kind, entries, first_block, fences, filter) VALUES (?1, ?2, ?3, ?4, ?5)
