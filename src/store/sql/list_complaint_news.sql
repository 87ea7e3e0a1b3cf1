SELECT complaints FROM news WHERE complaints IS NOT NULL AND news_id <= $1 ORDER BY news_id
