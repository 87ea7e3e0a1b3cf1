INSERT INTO source (name, epoch, next_position, next_byte, applied, duplicate, conflict, rejected, gaps, lag, unknown_reason,
    kind, state, replaced_characters, accept_asked, accept_done)
VALUES ($1, 1, $2, 0, 0, 0, 0, 0, 0, 0, 0, 'partition', 'reading', 0, 0, 0)
ON CONFLICT (name) DO UPDATE SET epoch = source.epoch + 1, state = 'reading', cause = NULL, reason = NULL
RETURNING epoch, next_position, last_digest
