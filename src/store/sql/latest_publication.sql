SELECT version, as_of_us, changes, rows FROM publication WHERE day = $1 ORDER BY version DESC LIMIT 1
