SELECT count(*) FROM outbox WHERE state IN ('queued', 'sending', 'deferred')
