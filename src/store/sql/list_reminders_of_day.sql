SELECT reminder_id, body FROM reminder WHERE send_on = $1 ORDER BY reminder_id
