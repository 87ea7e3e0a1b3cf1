UPDATE outgoing_event SET written_us = $1 WHERE event_id = $2
