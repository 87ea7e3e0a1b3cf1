SELECT max(day) FROM publication
