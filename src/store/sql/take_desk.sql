UPDATE duty SET token = token + 1, holder = $1, until_us = now_us() + $2
WHERE name = 'desk' AND until_us <= now_us() RETURNING token
