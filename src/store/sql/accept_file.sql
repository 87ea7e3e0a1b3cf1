UPDATE source SET accept_asked = accept_asked + 1 WHERE name = $1 AND kind = 'file'
