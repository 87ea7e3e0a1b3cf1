SELECT notice_id, body FROM notice WHERE due_us <= $1 ORDER BY due_us, notice_id
