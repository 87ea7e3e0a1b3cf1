UPDATE outbox SET state = 'dead', in_flight = 0, next_attempt_us = 9223372036854775807, last_reply = $1 WHERE mail_id = $2
