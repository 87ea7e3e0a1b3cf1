UPDATE source SET rejected = rejected - 1, applied = applied + $1, duplicate = duplicate + $2, conflict = conflict + $3 WHERE name = $4
