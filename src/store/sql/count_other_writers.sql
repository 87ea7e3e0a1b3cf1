SELECT count(*) FROM lease WHERE name <> 'leader' AND holder <> $1 AND until_us > now_us()
