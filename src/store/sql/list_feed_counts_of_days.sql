SELECT day, source, type, accepted FROM feed_count WHERE day >= $1 AND day <= $2
