-- A file that is read anew counts anew: a rejection of before is listed still, and counted no more.
UPDATE source SET rejected = rejected - 1, applied = applied + $1, duplicate = duplicate + $2, conflict = conflict + $3
WHERE name = $4 AND rejected > 0
