SELECT source, event_id, body FROM reference_event
WHERE thing IN (SELECT thing FROM reference_event WHERE group_id = $1) ORDER BY source, event_id
