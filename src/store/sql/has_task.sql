SELECT opened_us FROM task WHERE task_id = $1
