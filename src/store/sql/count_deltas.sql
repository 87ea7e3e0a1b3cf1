SELECT count(*) FROM delta
