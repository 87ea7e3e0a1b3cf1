INSERT INTO identity (day, digest, meaning, went_to) VALUES (?1, ?2, ?3, ?4)
