-- The database and the files beside it, piece by piece.
CREATE TABLE backup_piece (
    number     INTEGER NOT NULL,
    extension  TEXT NOT NULL,
    begin_byte INTEGER NOT NULL,
    bytes      BLOB NOT NULL,
    digest     INTEGER NOT NULL,
    PRIMARY KEY (extension, number, begin_byte)
) STRICT;
