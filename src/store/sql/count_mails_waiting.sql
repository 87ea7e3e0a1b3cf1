SELECT count(*) FROM outbox WHERE state IN ('queued', 'sending', 'deferred')
OR (state = 'uncertain' AND next_attempt_us < 9223372036854775807)
