SELECT event_id, created_us, body FROM outgoing_event WHERE written_us IS NULL ORDER BY created_us, event_id LIMIT $1
