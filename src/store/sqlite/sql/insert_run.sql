INSERT INTO run (number, kind, entries, bytes, fences, filter) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
