INSERT INTO silence (silence_id, until_day, body) VALUES ($1, $2, $3)
ON CONFLICT (silence_id) DO UPDATE SET until_day = excluded.until_day, body = excluded.body
