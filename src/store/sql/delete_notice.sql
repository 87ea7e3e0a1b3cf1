DELETE FROM notice WHERE notice_id = $1
