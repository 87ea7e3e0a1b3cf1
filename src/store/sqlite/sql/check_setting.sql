SELECT name FROM setting WHERE name = $1 AND row_digest IS NOT digest_of(name, value)
