DELETE FROM lease WHERE name <> 'leader' AND (holder = $1 OR until_us <= now_us())
