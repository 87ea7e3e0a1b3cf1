SELECT digest, state FROM timeline WHERE digest = ?1
