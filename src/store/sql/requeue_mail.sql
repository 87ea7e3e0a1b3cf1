UPDATE outbox SET state = 'queued', attempts = 0, lost_replies = 0, in_flight = 0, next_attempt_us = $1, queued_us = $1, last_reply = NULL
WHERE mail_id = $2 AND state = 'dead'
