SELECT task_id, body FROM task WHERE scope = $1 AND scope_id = $2 ORDER BY opened_us, task_id
