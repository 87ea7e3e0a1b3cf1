SELECT body FROM alert WHERE scope = $1 AND scope_id = $2 AND kind = $3 ORDER BY alert_id
