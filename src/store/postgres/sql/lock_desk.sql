SELECT token FROM duty WHERE name = 'desk' FOR UPDATE
