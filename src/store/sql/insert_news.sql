INSERT INTO news (news_id, at_us, body, complaints) VALUES ((SELECT COALESCE(MAX(news_id), 0) + 1 FROM news), $1, $2, $3)
