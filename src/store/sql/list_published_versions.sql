SELECT day, version FROM publication WHERE day >= $1 ORDER BY day, version
