INSERT INTO schema_version (version, digest) VALUES ($1, $2)
