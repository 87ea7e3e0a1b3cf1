SELECT version, as_of_us, rows FROM publication WHERE day = $1 AND version = $2
