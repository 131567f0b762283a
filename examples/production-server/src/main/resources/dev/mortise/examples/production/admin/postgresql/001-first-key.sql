-- One row at most: which process made the key of the first administrator.
CREATE TABLE first_key (
    one      INTEGER PRIMARY KEY CHECK (one = 1),
    shown_by TEXT NOT NULL,
    shown_at TEXT NOT NULL
);
