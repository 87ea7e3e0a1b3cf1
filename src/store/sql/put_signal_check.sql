-- A subscriber settles: its last time counts. A complaint or an answer is judged at its first time, and then says when again.
INSERT INTO signal_check (kind, id, check_us) VALUES ($1, $2, $3)
ON CONFLICT (kind, id) DO UPDATE SET check_us = excluded.check_us
WHERE (excluded.kind = 'subscriber') = (excluded.check_us > signal_check.check_us)
