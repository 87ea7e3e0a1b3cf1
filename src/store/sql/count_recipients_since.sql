-- Bounded above too, so that a planner that does not know the instant takes it for few.
SELECT recipient, count(*) FROM outbox
WHERE queued_us > $1 AND queued_us <= 9223372036854775807 AND state <> 'superseded' GROUP BY recipient
