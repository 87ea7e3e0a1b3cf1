SELECT group_id, day, counts FROM day_counter WHERE group_id = $1
