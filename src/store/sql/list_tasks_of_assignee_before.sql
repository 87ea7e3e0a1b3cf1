SELECT task_id, body FROM task WHERE assignee = $1 AND (opened_us, task_id) < ($2, $3)
ORDER BY opened_us DESC, task_id DESC LIMIT $4
