DELETE FROM news WHERE at_us < $1 AND news_id < (SELECT MAX(news_id) FROM news)
