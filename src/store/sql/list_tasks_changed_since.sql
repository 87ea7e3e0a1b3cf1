SELECT task_id, body FROM task WHERE change > $1 ORDER BY change, task_id
