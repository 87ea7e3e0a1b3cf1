UPDATE outbox SET state = 'sending', in_flight = 0, claimed_us = $1 WHERE mail_id = $2
