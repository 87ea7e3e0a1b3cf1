UPDATE reject SET payload = NULL WHERE reject_id IN (SELECT reject_id FROM reject
    WHERE payload IS NOT NULL AND rejected_us < $1 AND (retry_us IS NULL OR retried_us IS NOT NULL) ORDER BY rejected_us LIMIT $2)
