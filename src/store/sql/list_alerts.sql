SELECT alert_id, body FROM alert ORDER BY scope, scope_id, kind, period, alert_id
