DELETE FROM outgoing_event WHERE event_id IN (SELECT event_id FROM outgoing_event
    WHERE written_us < $1 ORDER BY written_us, event_id LIMIT $2)
