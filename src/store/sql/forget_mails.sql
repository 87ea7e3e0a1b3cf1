DELETE FROM outbox WHERE mail_id IN (SELECT mail_id FROM outbox
    WHERE queued_us < $1 AND (state IN ('sent', 'superseded', 'expired', 'dead') OR (state = 'uncertain' AND next_attempt_us = 9223372036854775807))
    ORDER BY queued_us, mail_id LIMIT $2)
