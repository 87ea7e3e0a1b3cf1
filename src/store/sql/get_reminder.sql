SELECT body FROM reminder WHERE reminder_id = $1
