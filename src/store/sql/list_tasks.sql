SELECT body FROM task ORDER BY opened_us, task_id
