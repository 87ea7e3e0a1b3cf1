INSERT INTO delta (body) VALUES ($1)
