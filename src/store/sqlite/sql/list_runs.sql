SELECT run_id, entries, first_block, fences, filter FROM run WHERE kind = ?1 ORDER BY run_id
