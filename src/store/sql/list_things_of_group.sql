SELECT DISTINCT thing FROM reference_event WHERE group_id = $1 ORDER BY thing
