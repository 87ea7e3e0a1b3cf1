INSERT INTO reminder (reminder_id, send_on, body) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING
