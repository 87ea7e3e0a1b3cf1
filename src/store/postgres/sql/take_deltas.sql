WITH oldest AS (SELECT delta_id FROM delta ORDER BY delta_id LIMIT $1),
     taken AS (DELETE FROM delta USING oldest WHERE delta.delta_id = oldest.delta_id RETURNING delta.delta_id, delta.body)
SELECT body FROM taken ORDER BY delta_id
