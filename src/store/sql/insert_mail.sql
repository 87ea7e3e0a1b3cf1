INSERT INTO outbox (mail_id, state, next_attempt_us, queued_us, recipient, message_id, mail, delivery)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (mail_id) DO UPDATE
SET state = excluded.state, next_attempt_us = excluded.next_attempt_us, queued_us = excluded.queued_us, mail = excluded.mail,
    delivery = excluded.delivery
WHERE outbox.state = 'superseded'
