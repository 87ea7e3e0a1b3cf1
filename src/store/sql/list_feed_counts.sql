SELECT day, source, type, accepted FROM feed_count
