SELECT alert_id, body FROM alert WHERE scope = $1 AND scope_id = $2 ORDER BY alert_id
