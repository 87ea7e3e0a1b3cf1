INSERT INTO complaint_count (day, group_id, category, complaints) VALUES ($1, $2, $3, $4)
ON CONFLICT (day, group_id, category) DO UPDATE SET complaints = complaint_count.complaints + excluded.complaints
