SELECT body FROM alert WHERE alert_id = $1
