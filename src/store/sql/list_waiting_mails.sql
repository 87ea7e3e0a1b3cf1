SELECT state, queued_us FROM outbox WHERE state IN ('queued', 'sending', 'deferred', 'held')
OR (state = 'uncertain' AND next_attempt_us < 9223372036854775807)
