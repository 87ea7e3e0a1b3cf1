SELECT reject_id, source, position, class, reason, rejected_us, retry_us, payload, mode
FROM reject WHERE reject_id > $1 AND retried_us IS NULL ORDER BY reject_id LIMIT $2
