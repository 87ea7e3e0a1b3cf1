SELECT task_id, body FROM task WHERE (opened_us, task_id) < ($1, $2) ORDER BY opened_us DESC, task_id DESC LIMIT $3
