SELECT mail_id, message_id, mail, delivery FROM outbox
WHERE state IN ('queued', 'deferred', 'uncertain') AND next_attempt_us <= $1 ORDER BY next_attempt_us, mail_id LIMIT $2
