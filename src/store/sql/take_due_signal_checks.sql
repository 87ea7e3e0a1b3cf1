DELETE FROM signal_check WHERE check_us <= $1 RETURNING kind, id
