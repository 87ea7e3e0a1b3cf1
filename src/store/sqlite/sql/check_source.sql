SELECT name FROM source WHERE name = $1
AND row_digest IS NOT digest_of(name, epoch, next_position, next_byte, applied, duplicate, conflict, rejected, gaps, lag, unknown_reason, complete_until_us, last_digest, kind, state, cause, reason, replaced_characters, first_digest, stamp, accept_asked, accept_done)
