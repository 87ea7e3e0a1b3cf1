DELETE FROM duty WHERE name <> 'desk' AND (holder = $1 OR until_us <= now_us())
