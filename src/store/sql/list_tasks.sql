SELECT task_id, body FROM task ORDER BY opened_us, task_id
