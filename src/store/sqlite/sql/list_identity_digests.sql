SELECT day, digest FROM identity ORDER BY day, digest
