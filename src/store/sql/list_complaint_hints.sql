SELECT complaints FROM brief_hint WHERE complaints IS NOT NULL AND brief_hint_id <= $1 ORDER BY brief_hint_id
