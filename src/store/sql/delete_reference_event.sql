DELETE FROM reference_event WHERE source = $1 AND event_id = $2
