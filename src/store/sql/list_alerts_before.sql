SELECT alert_id, body, change FROM alert WHERE (change, alert_id) < ($1, $2) ORDER BY change DESC, alert_id DESC LIMIT $3
