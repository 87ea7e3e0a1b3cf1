INSERT INTO timeline (digest, state) VALUES (?1, ?2) ON CONFLICT DO NOTHING
