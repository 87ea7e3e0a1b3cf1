SELECT group_id, day, counts FROM day_counter
