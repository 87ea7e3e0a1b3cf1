INSERT INTO outgoing_event (event_id, created_us, body) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING
