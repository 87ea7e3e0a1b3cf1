UPDATE outbox SET next_attempt_us = $1
WHERE state IN ('queued', 'deferred', 'uncertain') AND next_attempt_us > $2 AND next_attempt_us < 9223372036854775807
