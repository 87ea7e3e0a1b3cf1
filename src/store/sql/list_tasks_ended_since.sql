SELECT body FROM task WHERE ended_us >= $1 ORDER BY task_id
