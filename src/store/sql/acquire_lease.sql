UPDATE lease SET token = token + 1, holder = $1, until_us = now_us() + $2
WHERE name = 'leader' AND until_us <= now_us() RETURNING token
