SELECT state FROM timeline WHERE entity = ?1
