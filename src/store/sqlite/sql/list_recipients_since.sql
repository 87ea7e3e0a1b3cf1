SELECT json_extract(mail, '$.recipient') FROM outbox WHERE queued_us > ?1
