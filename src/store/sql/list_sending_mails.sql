SELECT outbox.mail_id, message_id, state, attempts, lost_replies, in_flight, next_attempt_us, sent_us, last_reply, body
FROM outbox LEFT JOIN mail_body ON mail_body.mail_id = outbox.mail_id
WHERE state = 'sending' AND claimed_us <= $1 ORDER BY outbox.mail_id
