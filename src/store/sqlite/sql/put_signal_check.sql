INSERT INTO signal_check (subscriber_id, check_us) VALUES (?1, ?2)
ON CONFLICT (subscriber_id) DO UPDATE SET check_us = max(check_us, excluded.check_us)
