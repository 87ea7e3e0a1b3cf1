SELECT reject_id, source, position, class, reason, rejected_us, retry_us, payload, mode
FROM reject WHERE retried_us IS NULL ORDER BY source, position
