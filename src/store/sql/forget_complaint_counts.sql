DELETE FROM complaint_count WHERE day = (SELECT MIN(day) FROM complaint_count WHERE day < $1)
