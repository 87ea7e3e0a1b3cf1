UPDATE source SET
    next_position = 0, next_byte = 0, applied = 0, duplicate = 0, conflict = 0, rejected = 0, gaps = 0, unknown_reason = 0,
    replaced_characters = 0, complete_until_us = NULL, accept_done = $1
WHERE name = $2
