-- The journal of a desk. Times are milliseconds since 1970 in UTC.

-- The truth: what happened. Rows are added at the end, and never changed but by an erasure.
CREATE TABLE record (
    seq          INTEGER PRIMARY KEY, -- from 1, without holes
    stream       TEXT NOT NULL,       -- desk, ticket, article, contact, agent and so on
    number       INTEGER NOT NULL,    -- which ticket, article and so on; 0 for the desk
    version      INTEGER NOT NULL,    -- place in the history of that stream, from 1
    previous     INTEGER,             -- seq of the record before it in that history
    at_ms        INTEGER NOT NULL,    -- when it was recorded; never falls
    actor        TEXT NOT NULL,       -- contact, agent or system
    actor_number INTEGER,             -- which contact or agent
    command      BLOB,                -- the caller's key of the command, 16 bytes
    rulebook     INTEGER NOT NULL,    -- version of the rulebook by which it was decided
    event        TEXT NOT NULL,       -- what happened, in JSON
    hash         BLOB NOT NULL,       -- over the hash of the record before and all of this
    erased       BLOB                 -- where the words of the event were erased: its hash before
) STRICT;

-- What came of each command that had a key.
CREATE TABLE command (
    id       BLOB PRIMARY KEY,  -- 16 bytes
    at_ms    INTEGER NOT NULL,  -- when it was recorded
    receipt  TEXT NOT NULL,     -- JSON
    checksum INTEGER NOT NULL   -- over the receipt: one without records has no place in the chain
) STRICT, WITHOUT ROWID;

-- Up to when commands may have been forgotten: one row, or none.
CREATE TABLE forgotten (
    id        INTEGER PRIMARY KEY CHECK (id = 0),
    before_ms INTEGER NOT NULL,
    checksum  INTEGER NOT NULL -- over the moment: whoever moves it hides which receipts are missing
) STRICT;

-- What records ask of the host, as long as the host has not acknowledged it. What it is stands in
-- the record.
CREATE TABLE outbox (
    seq      INTEGER PRIMARY KEY, -- the record
    ticket   INTEGER NOT NULL,
    attempts INTEGER NOT NULL,    -- how often it was handed out
    due_ms   INTEGER,             -- from when it is handed out, next; none while it waits or is dead
    dead     INTEGER NOT NULL,    -- 1 if nobody tries any more, else 0
    reason   TEXT,                -- why the last attempt failed
    checksum INTEGER NOT NULL     -- over the rest of the row
) STRICT;
CREATE INDEX outbox_by_time ON outbox (due_ms);
CREATE INDEX outbox_by_ticket ON outbox (ticket, dead);
