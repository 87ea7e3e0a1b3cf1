DELETE FROM feed_count WHERE day = (SELECT MIN(day) FROM feed_count WHERE day < $1)
