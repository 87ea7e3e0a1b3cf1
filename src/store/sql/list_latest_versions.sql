SELECT day, max(version) FROM publication WHERE day >= $1 GROUP BY day ORDER BY day
