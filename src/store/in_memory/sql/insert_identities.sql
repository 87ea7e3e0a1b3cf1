INSERT INTO identity (digest, day, value) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING
