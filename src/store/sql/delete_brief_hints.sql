DELETE FROM brief_hint WHERE at_us < $1 AND brief_hint_id < (SELECT MAX(brief_hint_id) FROM brief_hint)
