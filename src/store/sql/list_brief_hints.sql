SELECT body, complaints, brief_hint_id FROM brief_hint WHERE brief_hint_id > $1 AND brief_hint_id <= $2 ORDER BY brief_hint_id
