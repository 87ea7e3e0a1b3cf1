SELECT reminder_id, body FROM reminder ORDER BY send_on, reminder_id
