SELECT task_id, body FROM task WHERE assignee = $1 AND ended_us >= $2 AND ended_us < $3 ORDER BY ended_us, task_id
