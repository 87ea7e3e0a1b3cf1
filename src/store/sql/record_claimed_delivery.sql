UPDATE outbox SET state = $1, attempts = $2, lost_replies = $3, in_flight = $4, next_attempt_us = $5, sent_us = $6, last_reply = $7
WHERE mail_id = $8 AND claimed_us = $9
