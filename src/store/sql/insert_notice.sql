INSERT INTO notice (notice_id, due_us, body) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING
