SELECT body FROM alert ORDER BY scope, scope_id, kind, period, alert_id
