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
    id      BLOB PRIMARY KEY,  -- 16 bytes
    at_ms   INTEGER NOT NULL,  -- when it was recorded
    receipt TEXT NOT NULL      -- JSON
) STRICT, WITHOUT ROWID;

-- Up to when commands may have been forgotten: one row, or none.
CREATE TABLE forgotten (
    id        INTEGER PRIMARY KEY CHECK (id = 0),
    before_ms INTEGER NOT NULL
) STRICT;

-- All that follows is derived from the records and can be made again from them.

-- Where the desk's own history stands.
CREATE TABLE desk (
    id       INTEGER PRIMARY KEY CHECK (id = 0),
    version  INTEGER NOT NULL,
    last_seq INTEGER NOT NULL
) STRICT;

CREATE TABLE ticket (
    id       INTEGER PRIMARY KEY,
    version  INTEGER NOT NULL, -- how many records it has
    last_seq INTEGER NOT NULL, -- the last of them
    state    TEXT NOT NULL     -- JSON
) STRICT;

CREATE TABLE article (
    id       INTEGER PRIMARY KEY,
    version  INTEGER NOT NULL,
    last_seq INTEGER NOT NULL,
    state    TEXT NOT NULL
) STRICT;

-- What a search index asks for: the articles that changed since.
CREATE INDEX article_by_change ON article (last_seq);

CREATE TABLE party (
    kind     TEXT NOT NULL,    -- contact, organization, agent, equipment or contract
    number   INTEGER NOT NULL,
    version  INTEGER NOT NULL,
    last_seq INTEGER NOT NULL,
    state    TEXT NOT NULL,
    PRIMARY KEY (kind, number)
) STRICT, WITHOUT ROWID;

-- When tickets want to be woken: the timer queue.
CREATE TABLE wake (
    at_ms  INTEGER NOT NULL,
    ticket INTEGER NOT NULL,
    PRIMARY KEY (at_ms, ticket)
) STRICT, WITHOUT ROWID;

-- What lists look at. A row is written only when something in it changes.
CREATE TABLE listing (
    ticket       INTEGER PRIMARY KEY,
    status       TEXT NOT NULL,
    open         INTEGER NOT NULL, -- 1 while work is to be done, 0 when resolved or closed
    line         TEXT NOT NULL,
    team         TEXT,
    assignee     INTEGER,
    requester    INTEGER NOT NULL,
    organization INTEGER,
    priority     INTEGER NOT NULL, -- 0 low, 1 medium, 2 high, 3 critical
    due_ms       INTEGER           -- when the first of its running promises is due
) STRICT;

-- A line's queue in the order of due times, and an agent's desk: of open tickets only, so that both
-- stay small however many tickets there were. What has no due time stands last.
CREATE INDEX listing_by_line ON listing (line, ifnull(due_ms, 9223372036854775807)) WHERE open = 1;
CREATE INDEX listing_by_assignee ON listing (assignee) WHERE open = 1;
CREATE INDEX listing_by_requester ON listing (requester);
CREATE INDEX listing_by_organization ON listing (organization) WHERE organization IS NOT NULL;

CREATE TABLE ticket_tag (
    tag    TEXT NOT NULL,
    ticket INTEGER NOT NULL,
    PRIMARY KEY (tag, ticket)
) STRICT, WITHOUT ROWID;
