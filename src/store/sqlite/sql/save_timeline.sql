INSERT INTO timeline (entity, state) VALUES (?1, ?2) ON CONFLICT (entity) DO UPDATE SET state = excluded.state
