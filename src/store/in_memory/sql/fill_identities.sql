UPDATE identity SET day = ?2, value = ?3 WHERE digest = ?1 AND value IS NULL
