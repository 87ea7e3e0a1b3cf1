DELETE FROM delta WHERE delta_id IN (SELECT delta_id FROM delta ORDER BY delta_id LIMIT ?1) RETURNING body
