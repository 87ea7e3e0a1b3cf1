SELECT digest, state FROM timeline WHERE digest = ANY ($1)
