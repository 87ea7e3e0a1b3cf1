UPDATE source SET lag = $1 WHERE name = $2
