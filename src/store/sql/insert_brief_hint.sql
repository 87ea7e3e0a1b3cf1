INSERT INTO brief_hint (brief_hint_id, at_us, body, complaints) VALUES ((SELECT COALESCE(MAX(brief_hint_id), 0) + 1 FROM brief_hint), $1, $2, $3)
