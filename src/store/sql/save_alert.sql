INSERT INTO alert (alert_id, state, kind, scope, scope_id, period, body) VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (alert_id) DO UPDATE SET state = excluded.state, body = excluded.body
