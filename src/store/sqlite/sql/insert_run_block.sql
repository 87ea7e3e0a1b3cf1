INSERT INTO run_block (block_id, entries) VALUES (?1, ?2)
