SELECT coalesce(max(block_id), 0) + 1 FROM run_block
