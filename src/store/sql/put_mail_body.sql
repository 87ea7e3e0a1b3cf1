INSERT INTO mail_body (mail_id, queued_us, body) VALUES ($1, $2, $3)
ON CONFLICT (mail_id) DO UPDATE SET queued_us = excluded.queued_us, body = excluded.body
