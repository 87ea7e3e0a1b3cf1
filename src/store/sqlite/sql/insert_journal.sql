INSERT INTO journal (entries) VALUES (?1)
