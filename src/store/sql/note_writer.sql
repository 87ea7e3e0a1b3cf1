INSERT INTO lease (name, token, holder, until_us) VALUES ('writer ' || $1, 0, $1, now_us() + $2)
ON CONFLICT (name) DO UPDATE SET until_us = excluded.until_us
