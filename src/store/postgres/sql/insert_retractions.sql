INSERT INTO identity (digest) SELECT digest FROM unnest($1::uuid[]) AS entry (digest) ORDER BY digest ON CONFLICT DO NOTHING
