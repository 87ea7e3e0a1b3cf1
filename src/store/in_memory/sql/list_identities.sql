SELECT digest, value FROM identity WHERE digest = ?1
