INSERT INTO outbox (mail_id, state, kind, recipient, subject, message_id, queued_us, next_attempt_us)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (mail_id) DO UPDATE
SET state = excluded.state, subject = excluded.subject, queued_us = excluded.queued_us, next_attempt_us = excluded.next_attempt_us
WHERE outbox.state = 'superseded'
