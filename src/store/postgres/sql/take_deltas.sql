WITH taken AS (DELETE FROM delta RETURNING delta_id, body) SELECT body FROM taken ORDER BY delta_id
