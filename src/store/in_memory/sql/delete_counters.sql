DELETE FROM day_counter WHERE group_id = ?1 AND day < ?2
