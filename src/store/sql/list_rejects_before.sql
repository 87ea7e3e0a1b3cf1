SELECT reject_id, source, position, class, reason, rejected_us FROM reject
WHERE reject_id < $1 AND retried_us IS NULL ORDER BY reject_id DESC LIMIT $2
