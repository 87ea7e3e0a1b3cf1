INSERT INTO alert (alert_id, state, kind, scope, scope_id, period, resolved_us, body) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
ON CONFLICT (alert_id) DO UPDATE SET state = excluded.state, resolved_us = excluded.resolved_us, body = excluded.body
