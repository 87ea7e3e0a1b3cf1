SELECT body FROM task WHERE opened_us >= $1 ORDER BY task_id
