INSERT INTO task (task_id, state, version, opened_us, ended_us, body) VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (task_id) DO UPDATE SET
    state = excluded.state, version = excluded.version, ended_us = excluded.ended_us, body = excluded.body
