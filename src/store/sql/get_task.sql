SELECT body FROM task WHERE task_id = $1
