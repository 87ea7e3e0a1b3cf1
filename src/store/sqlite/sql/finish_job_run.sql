UPDATE job_run SET finished_us = ?3, outcome = ?4 WHERE job = ?1 AND due_us = ?2
