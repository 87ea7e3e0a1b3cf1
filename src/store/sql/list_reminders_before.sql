SELECT reminder_id, body FROM reminder WHERE (send_on, reminder_id) < ($1, $2) ORDER BY send_on DESC, reminder_id DESC LIMIT $3
