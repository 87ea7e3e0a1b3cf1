DELETE FROM alert WHERE alert_id IN (SELECT alert_id FROM alert WHERE resolved_us < $1 ORDER BY resolved_us, alert_id LIMIT $2)
