SELECT value FROM setting WHERE name = 'bounds' FOR SHARE
