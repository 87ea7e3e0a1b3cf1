INSERT INTO reference_event (source, event_id, body) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING
