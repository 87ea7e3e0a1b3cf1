INSERT INTO mail_body (mail_id, body) VALUES ($1, $2) ON CONFLICT (mail_id) DO UPDATE SET body = excluded.body
