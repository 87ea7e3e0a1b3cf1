SELECT reminder_id, body FROM reminder WHERE reminder_id = $1
