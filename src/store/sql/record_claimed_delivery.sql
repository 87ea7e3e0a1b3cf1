UPDATE outbox SET state = $1, next_attempt_us = $2, delivery = $3 WHERE mail_id = $4 AND claimed_us = $5
