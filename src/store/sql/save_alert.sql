INSERT INTO alert (alert_id, state, kind, scope, scope_id, period, resolved_us, change, body)
VALUES ($1, $2, $3, $4, $5, $6, $7, (SELECT value FROM setting WHERE name = 'changes'), $8)
ON CONFLICT (alert_id) DO UPDATE
SET state = excluded.state, resolved_us = excluded.resolved_us, change = excluded.change, body = excluded.body
