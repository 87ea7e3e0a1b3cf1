SELECT mail_id, message_id, mail, delivery FROM outbox WHERE mail_id = $1
