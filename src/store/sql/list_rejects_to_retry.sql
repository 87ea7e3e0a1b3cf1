SELECT reject_id, source, position, class, reason, rejected_us, retry_us, payload, mode
FROM reject WHERE retried_us IS NULL AND retry_us <= $1 ORDER BY retry_us, source, position LIMIT $2
