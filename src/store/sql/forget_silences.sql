DELETE FROM silence WHERE silence_id IN (SELECT silence_id FROM silence WHERE until_day < $1 ORDER BY until_day, silence_id LIMIT $2)
