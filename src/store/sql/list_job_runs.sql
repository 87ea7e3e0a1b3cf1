SELECT job, due_us, finished_us, outcome FROM job_run WHERE job = $1 AND due_us <= $2 ORDER BY due_us DESC LIMIT $3
