INSERT INTO task (task_id, state, version, assignee, scope, scope_id, opened_us, ended_us, change, body)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, (SELECT value FROM setting WHERE name = 'changes'), $9)
ON CONFLICT (task_id) DO UPDATE SET state = excluded.state, version = excluded.version, assignee = excluded.assignee,
    ended_us = excluded.ended_us, change = excluded.change, body = excluded.body
