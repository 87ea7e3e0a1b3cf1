INSERT INTO publication (day, version, as_of_us, rows) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING
