SELECT mail_id, message_id, mail, delivery FROM outbox ORDER BY queued_us, mail_id
