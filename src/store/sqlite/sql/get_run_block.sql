SELECT entries FROM run_block WHERE block_id = ?1
