DELETE FROM timeline WHERE digest = ANY ($1)
