SELECT task_id, body FROM task WHERE state IN ('open', 'accepted', 'in_progress') ORDER BY task_id
