SELECT name, epoch, next_position, next_byte, last_digest, first_digest, stamp, cause, reason, accept_asked, accept_done
FROM source WHERE kind = 'file'
