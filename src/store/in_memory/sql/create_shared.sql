-- What the database of many workers has beside the tables of the other one; no other worker sees a transaction before its
-- end, so nothing is locked.

INSERT INTO setting (name, value) VALUES ('lateness_policy', 0);

CREATE TABLE lease (
    name     TEXT PRIMARY KEY,
    token    INTEGER NOT NULL,
    holder   TEXT NOT NULL,
    until_us INTEGER NOT NULL
) STRICT;
INSERT INTO lease (name, token, holder, until_us) VALUES ('leader', 0, '', 0);

CREATE TABLE timeline (
    digest BLOB PRIMARY KEY,
    state  BLOB NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE identity (
    digest BLOB PRIMARY KEY,
    day    INTEGER,
    value  BLOB
) STRICT, WITHOUT ROWID;

CREATE TABLE day_counter (
    group_id TEXT NOT NULL,
    day      INTEGER NOT NULL,
    counts   BLOB NOT NULL,
    PRIMARY KEY (group_id, day)
) STRICT, WITHOUT ROWID;

CREATE TABLE delta (
    delta_id INTEGER PRIMARY KEY AUTOINCREMENT,
    body     BLOB NOT NULL
) STRICT;
