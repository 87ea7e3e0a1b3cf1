-- Asked of each body by itself, the oldest first: joined, either database may begin with all mails that were sent.
DELETE FROM mail_body WHERE mail_id IN (SELECT mail_id FROM mail_body WHERE queued_us < $1 AND (
        SELECT state IN ('sent', 'superseded', 'expired', 'dead') OR (state = 'uncertain' AND next_attempt_us = 9223372036854775807)
        FROM outbox WHERE outbox.mail_id = mail_body.mail_id)
    ORDER BY queued_us, mail_id LIMIT $2)
