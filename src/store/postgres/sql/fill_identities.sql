UPDATE identity SET day = entry.day, value = entry.value
FROM unnest($1::uuid[], $2::bigint[], $3::bytea[]) AS entry (digest, day, value)
WHERE identity.digest = entry.digest AND identity.value IS NULL
