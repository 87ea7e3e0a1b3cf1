SELECT DISTINCT day FROM publication ORDER BY day
