SELECT digest, state FROM timeline WHERE digest > ?1 ORDER BY digest LIMIT 1000
