DELETE FROM timeline WHERE digest = ?1
