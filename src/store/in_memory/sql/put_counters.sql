INSERT INTO day_counter (group_id, day, counts) VALUES (?1, ?2, ?3)
ON CONFLICT (group_id, day) DO UPDATE SET counts = excluded.counts
