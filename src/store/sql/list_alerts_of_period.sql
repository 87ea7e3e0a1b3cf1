SELECT body FROM alert WHERE period = $1 ORDER BY alert_id
