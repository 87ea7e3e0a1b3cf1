SELECT alert_id, body FROM alert WHERE alert_id = $1
