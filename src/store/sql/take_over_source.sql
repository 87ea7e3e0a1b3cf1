INSERT INTO source (name, epoch, next_position, next_byte, applied, duplicate, conflict, rejected, gaps, lag, unknown_reason)
VALUES ($1, 1, $2, 0, 0, 0, 0, 0, 0, 0, 0)
ON CONFLICT (name) DO UPDATE SET epoch = source.epoch + 1
RETURNING epoch, next_position, last_digest
