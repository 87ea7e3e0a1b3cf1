SELECT source, event_id, body FROM reference_event ORDER BY source, event_id
