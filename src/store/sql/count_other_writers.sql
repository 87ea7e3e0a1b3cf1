SELECT count(*) FROM duty WHERE name <> 'desk' AND holder <> $1 AND until_us > now_us()
