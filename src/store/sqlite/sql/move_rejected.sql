UPDATE source SET rejected = rejected - 1, applied = applied + ?2, duplicate = duplicate + ?3, conflict = conflict + ?4 WHERE name = ?1
