DELETE FROM task WHERE task_id IN (SELECT task_id FROM task WHERE ended_us < $1 ORDER BY ended_us, task_id LIMIT $2)
