UPDATE duty SET token = token + 1, holder = $1, until = clock_timestamp() + $2::bigint * interval '1 millisecond'
WHERE name = 'desk' AND until <= clock_timestamp() RETURNING token
