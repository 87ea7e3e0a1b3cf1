SELECT alert_id, body FROM alert WHERE state <> 'resolved' ORDER BY alert_id
