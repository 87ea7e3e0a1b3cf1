INSERT INTO task (task_id, state, version, assignee, opened_us, ended_us, change, body)
VALUES ($1, $2, $3, $4, $5, $6, (SELECT value FROM setting WHERE name = 'changes'), $7)
ON CONFLICT (task_id) DO UPDATE SET state = excluded.state, version = excluded.version, assignee = excluded.assignee,
    ended_us = excluded.ended_us, change = excluded.change, body = excluded.body
