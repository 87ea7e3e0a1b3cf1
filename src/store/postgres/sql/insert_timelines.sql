INSERT INTO timeline (digest, state)
SELECT digest, state FROM unnest($1::uuid[], $2::bytea[]) AS entry (digest, state) ORDER BY digest
ON CONFLICT DO NOTHING
