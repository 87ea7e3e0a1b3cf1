SELECT value FROM setting WHERE name = 'desk' FOR UPDATE
