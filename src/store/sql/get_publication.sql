SELECT version, as_of_us, changes, rows FROM publication WHERE day = $1 AND version = $2
