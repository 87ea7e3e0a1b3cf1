DELETE FROM job_run WHERE (job, due_us) IN (SELECT job, due_us FROM job_run AS old
    WHERE due_us < $1 AND finished_us IS NOT NULL
    AND EXISTS (SELECT 1 FROM job_run AS later WHERE later.job = old.job AND later.due_us > old.due_us)
    ORDER BY due_us, job LIMIT $2)
