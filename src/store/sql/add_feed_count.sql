INSERT INTO feed_count (day, source, type, accepted) VALUES ($1, $2, $3, $4)
ON CONFLICT (day, source, type) DO UPDATE SET accepted = feed_count.accepted + excluded.accepted
