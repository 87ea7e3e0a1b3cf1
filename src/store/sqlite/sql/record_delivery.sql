UPDATE outbox SET state = ?2, next_attempt_us = ?3, delivery = ?4 WHERE mail_id = ?1
