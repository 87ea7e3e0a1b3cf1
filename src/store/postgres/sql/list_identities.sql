SELECT digest, value FROM identity WHERE digest = ANY ($1)
