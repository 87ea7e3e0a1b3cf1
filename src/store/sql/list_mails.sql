SELECT outbox.mail_id, message_id, state, attempts, lost_replies, in_flight, next_attempt_us, sent_us, last_reply, body
FROM outbox JOIN mail_body ON mail_body.mail_id = outbox.mail_id ORDER BY outbox.queued_us, outbox.mail_id
