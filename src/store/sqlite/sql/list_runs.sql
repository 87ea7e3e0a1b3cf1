SELECT number, entries, bytes, fences, filter FROM run WHERE kind = ?1 ORDER BY number
