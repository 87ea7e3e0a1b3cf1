UPDATE outbox SET state = $1, delivery = $2, claimed_us = $3 WHERE mail_id = $4
