INSERT INTO publication (day, version, as_of_us, changes, rows) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING
