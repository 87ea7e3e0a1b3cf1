SELECT body, complaints, news_id FROM news WHERE news_id > $1 AND news_id <= $2 ORDER BY news_id
