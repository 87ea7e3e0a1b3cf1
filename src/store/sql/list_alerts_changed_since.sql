SELECT alert_id, body FROM alert WHERE change > $1 ORDER BY change, alert_id
