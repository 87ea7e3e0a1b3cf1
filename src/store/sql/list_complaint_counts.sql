SELECT day, group_id, category, complaints FROM complaint_count WHERE complaints <> 0
