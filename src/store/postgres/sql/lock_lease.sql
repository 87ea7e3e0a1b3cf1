SELECT token FROM lease WHERE name = 'leader' FOR UPDATE
