UPDATE setting SET value = value + 1 WHERE name = 'changes'
