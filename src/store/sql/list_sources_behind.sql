SELECT name, epoch, next_position, next_byte, applied, duplicate, conflict, rejected, gaps, lag, unknown_reason, complete_until_us, last_digest,
    kind, state, cause, reason, replaced_characters, first_digest, stamp, accept_asked, accept_done
FROM source WHERE lag > 0 OR state = 'paused' ORDER BY name
