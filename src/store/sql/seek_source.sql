UPDATE source SET epoch = epoch + 1, next_position = $1, gaps = gaps + $2, last_digest = NULL, state = 'reading', cause = NULL, reason = NULL
WHERE name = $3
