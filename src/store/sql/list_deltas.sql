SELECT body FROM delta ORDER BY delta_id
