SELECT value FROM setting WHERE name = 'lateness_policy'
