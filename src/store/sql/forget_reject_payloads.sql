UPDATE reject SET payload = NULL WHERE payload IS NOT NULL AND rejected_us < $1 AND retry_us IS NULL
