SELECT state, count(*), min(queued_us) FROM outbox
WHERE state IN ('queued', 'sending', 'deferred', 'uncertain', 'held') AND next_attempt_us < 9223372036854775807 GROUP BY state
