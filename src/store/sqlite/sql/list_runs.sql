SELECT number, entries, bytes, blocks, filter_words, end_digest FROM run WHERE kind = ?1 ORDER BY number
