SELECT COALESCE(MAX(news_id), 0) FROM news WHERE at_us < $1
