SELECT version, as_of_us, rows FROM publication WHERE day = $1 ORDER BY version DESC LIMIT 1
