SELECT mail_id, message_id, mail, delivery FROM outbox WHERE state = 'sending' ORDER BY mail_id
