INSERT INTO identity (digest, day, value)
SELECT digest, day, value FROM unnest($1::uuid[], $2::bigint[], $3::bytea[]) AS entry (digest, day, value) ORDER BY digest
ON CONFLICT DO NOTHING
