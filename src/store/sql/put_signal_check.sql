INSERT INTO signal_check (subscriber_id, check_us) VALUES ($1, $2)
ON CONFLICT (subscriber_id) DO UPDATE SET check_us = excluded.check_us
WHERE excluded.check_us > signal_check.check_us
