SELECT subscriber_id FROM signal_check WHERE check_us <= ?1 ORDER BY subscriber_id
