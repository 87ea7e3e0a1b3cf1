SELECT mail_id, message_id, mail, delivery FROM outbox WHERE state = 'sending' AND claimed_us <= $1 ORDER BY mail_id
