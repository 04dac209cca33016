-- All that follows is derived from the records and can be made again from them.

-- Where the desk's own history stands.
CREATE TABLE desk (
    id       INTEGER PRIMARY KEY CHECK (id = 0),
    version  INTEGER NOT NULL,
    last_seq INTEGER NOT NULL
) STRICT;

-- One row for each ticket, since each row that a command touches is a page to be written: what the
-- ticket is, and before it what lists look at.
CREATE TABLE ticket (
    id           INTEGER PRIMARY KEY,
    version      INTEGER NOT NULL, -- how many records it has
    last_seq     INTEGER NOT NULL, -- the last of them
    status       TEXT NOT NULL,
    open         INTEGER NOT NULL, -- 1 while work is to be done, 0 when resolved or closed
    line         TEXT NOT NULL,
    team         TEXT,
    assignee     INTEGER,
    offered      INTEGER,          -- the agent who is asked whether to take it
    waits_in     TEXT,             -- the queue in which it waits for somebody to be asked
    waits_ms     INTEGER,          -- since when
    channel      TEXT NOT NULL,
    requester    INTEGER NOT NULL,
    organization INTEGER,
    priority     INTEGER NOT NULL, -- 0 low, 1 medium, 2 high, 3 critical
    due_ms       INTEGER NOT NULL, -- when the first of its running promises is due; if none is
                                   -- running, 9223372036854775807: what is never due stands last
    state        TEXT NOT NULL     -- JSON
) STRICT;

-- A line's queue in the order of due times, and an agent's desk: of open tickets only, so that both
-- stay small however many tickets there were. The queue has all that a list of it asks for, so that
-- only the tickets on the page are looked up.
CREATE INDEX ticket_queue ON ticket (line, due_ms, id, open, priority, status, team, assignee)
    WHERE open = 1;
CREATE INDEX ticket_by_assignee ON ticket (assignee) WHERE open = 1;

-- What each agent is asked to take, and who has waited longest in each queue. Only what waits is
-- written there.
CREATE INDEX ticket_by_offer ON ticket (offered) WHERE offered IS NOT NULL;
CREATE INDEX ticket_by_turn ON ticket (waits_in, priority, waits_ms) WHERE waits_in IS NOT NULL;

CREATE INDEX ticket_by_requester ON ticket (requester);
CREATE INDEX ticket_by_organization ON ticket (organization) WHERE organization IS NOT NULL;

CREATE TABLE ticket_tag (
    tag    TEXT NOT NULL,
    ticket INTEGER NOT NULL,
    PRIMARY KEY (tag, ticket)
) STRICT, WITHOUT ROWID;

-- When tickets want to be woken: the timer queue.
CREATE TABLE wake (
    at_ms  INTEGER NOT NULL,
    ticket INTEGER NOT NULL,
    PRIMARY KEY (at_ms, ticket)
) STRICT, WITHOUT ROWID;

-- What each agent has to do, by the channel that tickets came in by: written when a ticket comes to
-- somebody or leaves them, so that nobody has to read all that a department has in work.
CREATE TABLE agent_work (
    agent    INTEGER NOT NULL,
    channel  TEXT NOT NULL,
    carried  INTEGER NOT NULL, -- how many are theirs to work on
    offered  INTEGER NOT NULL, -- how many they are asked to take
    given_ms INTEGER,          -- when they last got one, declined one or let an offer run out
    freed_ms INTEGER,          -- when they were last rid of one
    PRIMARY KEY (agent, channel)
) STRICT, WITHOUT ROWID;

-- When plans open their next tickets.
CREATE TABLE party_wake (
    kind   TEXT NOT NULL,
    number INTEGER NOT NULL,
    at_ms  INTEGER NOT NULL,
    PRIMARY KEY (kind, number)
) STRICT, WITHOUT ROWID;
CREATE INDEX party_wake_by_time ON party_wake (at_ms, kind, number);

CREATE TABLE article (
    id       INTEGER PRIMARY KEY,
    version  INTEGER NOT NULL,
    last_seq INTEGER NOT NULL,
    state    TEXT NOT NULL
) STRICT;

-- What a search index asks for: the articles that changed since.
CREATE INDEX article_by_change ON article (last_seq);

CREATE TABLE party (
    kind     TEXT NOT NULL,    -- contact, organization, agent, equipment, contract or plan
    number   INTEGER NOT NULL,
    version  INTEGER NOT NULL,
    last_seq INTEGER NOT NULL,
    state    TEXT NOT NULL,
    PRIMARY KEY (kind, number)
) STRICT, WITHOUT ROWID;

-- The words that parties are found by. Each has the empty one, too, so that all of them can be listed.
CREATE TABLE party_word (
    word   TEXT NOT NULL,
    name   TEXT NOT NULL,    -- what the party is called, as lists are sorted by it
    kind   TEXT NOT NULL,
    number INTEGER NOT NULL,
    PRIMARY KEY (word, name, kind, number)
) STRICT, WITHOUT ROWID;
CREATE INDEX party_word_by_party ON party_word (kind, number);
