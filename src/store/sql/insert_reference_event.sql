INSERT INTO reference_event (source, event_id, thing, group_id, body) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING
