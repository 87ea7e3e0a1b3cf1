UPDATE job_run SET finished_us = $1, outcome = $2 WHERE job = $3 AND due_us = $4
