SELECT task_id, body FROM task WHERE task_id = $1
