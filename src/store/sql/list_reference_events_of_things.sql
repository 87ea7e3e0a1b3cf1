SELECT source, event_id, body FROM reference_event WHERE thing >= $1 AND thing <= $2 ORDER BY thing, source, event_id
