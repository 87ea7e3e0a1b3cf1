UPDATE outbox SET state = 'held' WHERE state IN ('queued', 'sending', 'deferred', 'uncertain')
AND next_attempt_us < 9223372036854775807 AND kind <> $1
