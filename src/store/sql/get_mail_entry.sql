SELECT mail_id, message_id, state, attempts, lost_replies, in_flight, next_attempt_us, sent_us, last_reply, kind, recipient, subject, queued_us
FROM outbox WHERE mail_id = $1
