SELECT digest, state FROM timeline WHERE digest = ANY ($1) ORDER BY digest FOR UPDATE
