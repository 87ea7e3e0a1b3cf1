SELECT COALESCE(MAX(brief_hint_id), 0) FROM brief_hint WHERE at_us < $1
