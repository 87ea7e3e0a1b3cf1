DELETE FROM mail_body WHERE mail_id IN (SELECT mail_body.mail_id FROM mail_body
    JOIN outbox ON outbox.mail_id = mail_body.mail_id
    WHERE mail_body.queued_us < $1 AND (state IN ('sent', 'superseded', 'expired', 'dead') OR (state = 'uncertain' AND next_attempt_us = 9223372036854775807))
    ORDER BY mail_body.queued_us, mail_body.mail_id LIMIT $2)
