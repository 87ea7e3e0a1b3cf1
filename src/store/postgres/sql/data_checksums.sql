SELECT setting = 'on' FROM pg_settings WHERE name = 'data_checksums'
