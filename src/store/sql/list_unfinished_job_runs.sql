SELECT job, due_us FROM job_run WHERE finished_us IS NULL ORDER BY due_us, job
