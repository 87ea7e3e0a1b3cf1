DELETE FROM run_block WHERE block_id >= ?1 AND block_id < ?2
