SELECT task_id, body FROM task WHERE ended_us >= $1 AND ended_us < $2 ORDER BY ended_us, task_id
