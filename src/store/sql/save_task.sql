INSERT INTO task (task_id, state, version, opened_us, body) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (task_id) DO UPDATE SET state = excluded.state, version = excluded.version, body = excluded.body
