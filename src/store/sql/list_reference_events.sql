SELECT body FROM reference_event ORDER BY source, event_id
