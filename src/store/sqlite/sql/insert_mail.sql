INSERT INTO outbox (mail_id, state, next_attempt_us, queued_us, message_id, mail, delivery)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT DO NOTHING
