SELECT count(*) FROM identity
