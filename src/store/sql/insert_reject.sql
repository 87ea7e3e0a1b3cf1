INSERT INTO reject (source, position, class, reason, rejected_us, retry_us, payload, mode)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING
