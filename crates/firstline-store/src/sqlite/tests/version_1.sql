PRAGMA application_id = 829649996;
PRAGMA user_version = 1;
BEGIN TRANSACTION;
CREATE TABLE article (
    id       INTEGER PRIMARY KEY,
    version  INTEGER NOT NULL,
    last_seq INTEGER NOT NULL,
    state    TEXT NOT NULL
) STRICT;
INSERT INTO "article" VALUES(1,1,9,'{"audience":"public","tags":["power"],"editions":{"en":{"title":"Reset","body":"Turn it off and on again."}},"retired":false}');
CREATE TABLE command (
    id      BLOB PRIMARY KEY, -- 16 bytes
    receipt TEXT NOT NULL     -- JSON
) STRICT, WITHOUT ROWID;
INSERT INTO "command" VALUES(X'00000000000000000000000000000007','{"stream":{"ticket":1},"version":6,"events":3,"seq":12,"at":1772442300000}');
CREATE TABLE desk (
    id       INTEGER PRIMARY KEY CHECK (id = 0),
    version  INTEGER NOT NULL,
    last_seq INTEGER NOT NULL
) STRICT;
INSERT INTO "desk" VALUES(0,1,1);
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
INSERT INTO "listing" VALUES(1,'open',1,'L1',NULL,1,1,NULL,1,1772457000000);
INSERT INTO "listing" VALUES(2,'new',1,'L1',NULL,NULL,1,NULL,1,1772456400000);
CREATE TABLE party (
    kind     TEXT NOT NULL,    -- contact, organization or agent
    number   INTEGER NOT NULL,
    version  INTEGER NOT NULL,
    last_seq INTEGER NOT NULL,
    state    TEXT NOT NULL,
    PRIMARY KEY (kind, number)
) STRICT, WITHOUT ROWID;
INSERT INTO "party" VALUES('contact',1,1,2,'{"contact":{"name":"Ada"}}');
CREATE TABLE record (
    seq          INTEGER PRIMARY KEY, -- from 1, without holes
    stream       TEXT NOT NULL,       -- desk, ticket, article, contact, organization or agent
    number       INTEGER NOT NULL,    -- which ticket, article and so on; 0 for the desk
    version      INTEGER NOT NULL,    -- place in the history of that stream, from 1
    previous     INTEGER,             -- seq of the record before it in that history
    at_ms        INTEGER NOT NULL,    -- when it was recorded; never falls
    actor        TEXT NOT NULL,       -- contact, agent or system
    actor_number INTEGER,             -- which contact or agent
    command      BLOB,                -- the caller's key of the command, 16 bytes
    rulebook     INTEGER NOT NULL,    -- version of the rulebook by which it was decided
    event        TEXT NOT NULL,       -- what happened, in JSON
    hash         BLOB NOT NULL        -- over the hash of the record before and all of this
) STRICT;
INSERT INTO "record" VALUES(1,'desk',0,1,NULL,1772442000000,'system',NULL,NULL,1,'{"rulebook":{"version":1,"source":"\nname = \"Northwind support\"\n\n[[lines]]\nid = \"L1\"\nteams = [\"desk\", \"night\"]\n\n[[lines]]\nid = \"L2\"\nteams = [\"field\"]\n\n[[policies]]\nname = \"standard\"\ncalendar = \"always\"\n\n[policies.targets.first_reply]\nwithin = { critical = \"15m\", high = \"1h\", medium = \"4h\", low = \"8h\" }\nwarn_at = [50]\n\n[policies.targets.next_reply]\nwithin = { critical = \"15m\", high = \"1h\", medium = \"4h\", low = \"8h\" }\n\n[policies.targets.resolution]\nwithin = { critical = \"4h\", high = \"8h\", medium = \"24h\", low = \"72h\" }\npause_on = [\"pending\"]\nladder = [{ at_due = true, hand_over = \"next\" }]\n# version 1\n"}}',X'4E1B933439BA6F79F43DBBB921C5993800494E873A840E1824F665DB72BA0FA0');
INSERT INTO "record" VALUES(2,'contact',1,1,NULL,1772442000000,'system',NULL,NULL,1,'{"party":{"contact":{"name":"Ada"}}}',X'9DFE2CA5C2723DC828DFF541EEFD436BD130BEA3A217F1133D75619C41E87A22');
INSERT INTO "record" VALUES(3,'ticket',1,1,NULL,1772442000000,'contact',1,NULL,1,'{"ticket":{"at":1772442000000,"fact":{"opened":{"kind":"question","requester":1,"subject":"Printer","text":"It does not work any more.","channel":"portal","classification":{"impact":"medium","urgency":"medium","priority":"medium"},"line":"L1","tags":["vip"]}}}}',X'5D5F940C75BB744DBB1C7F119F5CF746D6C5B7F2377207A8226249D398EAFC1B');
INSERT INTO "record" VALUES(4,'ticket',1,2,3,1772442000000,'contact',1,NULL,1,'{"ticket":{"at":1772442000000,"fact":{"clock":{"metric":"first_reply","event":{"started":{"metric":"first_reply","cycle":1,"pin":{"rulebook":1,"policy":"standard","calendar":"always"},"allowance":14400000,"schedule":{"due":1772456400000,"alarms":[{"at":1772449200000,"call":{"warn":50}}]}}}}}}}',X'0F272F20B8F601C3934A78076B7616A81A11A8D37972C52C21F690F1C57E85D2');
INSERT INTO "record" VALUES(5,'ticket',1,3,4,1772442000000,'contact',1,NULL,1,'{"ticket":{"at":1772442000000,"fact":{"clock":{"metric":"resolution","event":{"started":{"metric":"resolution","cycle":1,"pin":{"rulebook":1,"policy":"standard","calendar":"always"},"allowance":86400000,"schedule":{"due":1772528400000,"alarms":[{"at":1772528400000,"call":{"step":0}}]}}}}}}}',X'5ABE8C78A3070DEDA759DA847077914BC2A04E098B709909CCF20A6ED049A95E');
INSERT INTO "record" VALUES(6,'ticket',2,1,NULL,1772442000000,'contact',1,NULL,1,'{"ticket":{"at":1772442000000,"fact":{"opened":{"kind":"question","requester":1,"subject":"Screen","text":"It does not work any more.","channel":"portal","classification":{"impact":"medium","urgency":"medium","priority":"medium"},"line":"L1"}}}}',X'A32AB8AA15B50D5F53E4E3E315D4EFEF44996BD7865B90886AC29460120DD49F');
INSERT INTO "record" VALUES(7,'ticket',2,2,6,1772442000000,'contact',1,NULL,1,'{"ticket":{"at":1772442000000,"fact":{"clock":{"metric":"first_reply","event":{"started":{"metric":"first_reply","cycle":1,"pin":{"rulebook":1,"policy":"standard","calendar":"always"},"allowance":14400000,"schedule":{"due":1772456400000,"alarms":[{"at":1772449200000,"call":{"warn":50}}]}}}}}}}',X'9B755578B2014B2C4B1D3F623BE0055E536CA13E4D54C88E339CF70C5AE604D6');
INSERT INTO "record" VALUES(8,'ticket',2,3,7,1772442000000,'contact',1,NULL,1,'{"ticket":{"at":1772442000000,"fact":{"clock":{"metric":"resolution","event":{"started":{"metric":"resolution","cycle":1,"pin":{"rulebook":1,"policy":"standard","calendar":"always"},"allowance":86400000,"schedule":{"due":1772528400000,"alarms":[{"at":1772528400000,"call":{"step":0}}]}}}}}}}',X'678E1246394ADA181972B3D6C5A61C8E48866550D630ED58733FA61516E9D8A0');
INSERT INTO "record" VALUES(9,'article',1,1,NULL,1772442000000,'agent',1,NULL,1,'{"article":{"at":1772442000000,"fact":{"published":{"language":"en","edition":{"title":"Reset","body":"Turn it off and on again."},"audience":"public","tags":["power"]}}}}',X'000BFA0428960E59EA5689383A31757414CD606156C6B448EECE61F68A6E5B7B');
INSERT INTO "record" VALUES(10,'ticket',1,4,5,1772442300000,'agent',1,X'00000000000000000000000000000007',1,'{"ticket":{"at":1772442300000,"fact":{"message_added":{"author":{"agent":1},"visibility":"public","text":"Is it plugged in?"}}}}',X'1F95958D6EC774820A8755B1F928355884FA941A3D838E67FF47F9366FB03423');
INSERT INTO "record" VALUES(11,'ticket',1,5,10,1772442300000,'agent',1,X'00000000000000000000000000000007',1,'{"ticket":{"at":1772442300000,"fact":{"clock":{"metric":"first_reply","event":{"fulfilled":{"outcome":"met","spent":300000}}}}}}',X'7EE084A9A064F82F8C5A94B7465AEB80D056E7395A9479F1348EBD5323C5A608');
INSERT INTO "record" VALUES(12,'ticket',1,6,11,1772442300000,'agent',1,X'00000000000000000000000000000007',1,'{"ticket":{"at":1772442300000,"fact":{"status_changed":{"from":"new","to":"open"}}}}',X'6251DCC7577D535610C0F6B264D24E9B52B4D4288502CD5E414EC68DFA89D6A1');
INSERT INTO "record" VALUES(13,'ticket',1,7,12,1772442600000,'contact',1,NULL,1,'{"ticket":{"at":1772442600000,"fact":{"message_added":{"author":{"contact":1},"visibility":"public","text":"It is."}}}}',X'8F40C3E477480A8BD18AA92636985C268344041107EF571F750C5B1D544A737E');
INSERT INTO "record" VALUES(14,'ticket',1,8,13,1772442600000,'contact',1,NULL,1,'{"ticket":{"at":1772442600000,"fact":{"clock":{"metric":"next_reply","event":{"started":{"metric":"next_reply","cycle":1,"pin":{"rulebook":1,"policy":"standard","calendar":"always"},"allowance":14400000,"schedule":{"due":1772457000000}}}}}}}',X'9BECE6DF5AAE35F60ACFA1FD4F908567C8B8C0C9A2508BBB3EE623C971B241D2');
INSERT INTO "record" VALUES(15,'ticket',1,9,14,1772442600000,'agent',1,NULL,1,'{"ticket":{"at":1772442600000,"fact":{"assigned":{"agent":1}}}}',X'4E9798B466A55EC4E1E9F5F039F28B5E072278727F20A36E0D2AE9EF9426C0DA');
CREATE TABLE ticket (
    id       INTEGER PRIMARY KEY,
    version  INTEGER NOT NULL, -- how many records it has
    last_seq INTEGER NOT NULL, -- the last of them
    state    TEXT NOT NULL     -- JSON
) STRICT;
INSERT INTO "ticket" VALUES(1,9,15,'{"kind":"question","subject":"Printer","requester":1,"channel":"portal","status":"open","classification":{"impact":"medium","urgency":"medium","priority":"medium"},"line":"L1","assignee":1,"tags":["vip"],"opened_at":1772442000000,"updated_at":1772442600000,"reopened":0,"handed_over":0,"messages":3,"clocks":{"first_reply":{"metric":"first_reply","cycle":1,"pin":{"rulebook":1,"policy":"standard","calendar":"always"},"allowance":14400000,"started_at":1772442000000,"spent":300000,"phase":{"fulfilled":{"at":1772442300000,"outcome":"met"}},"breach":null},"next_reply":{"metric":"next_reply","cycle":1,"pin":{"rulebook":1,"policy":"standard","calendar":"always"},"allowance":14400000,"started_at":1772442600000,"spent":0,"phase":{"running":{"since":1772442600000,"schedule":{"due":1772457000000}}},"breach":null},"resolution":{"metric":"resolution","cycle":1,"pin":{"rulebook":1,"policy":"standard","calendar":"always"},"allowance":86400000,"started_at":1772442000000,"spent":0,"phase":{"running":{"since":1772442000000,"schedule":{"due":1772528400000,"alarms":[{"at":1772528400000,"call":{"step":0}}]}}},"breach":null}}}');
INSERT INTO "ticket" VALUES(2,3,8,'{"kind":"question","subject":"Screen","requester":1,"channel":"portal","status":"new","classification":{"impact":"medium","urgency":"medium","priority":"medium"},"line":"L1","opened_at":1772442000000,"updated_at":1772442000000,"reopened":0,"handed_over":0,"messages":1,"clocks":{"first_reply":{"metric":"first_reply","cycle":1,"pin":{"rulebook":1,"policy":"standard","calendar":"always"},"allowance":14400000,"started_at":1772442000000,"spent":0,"phase":{"running":{"since":1772442000000,"schedule":{"due":1772456400000,"alarms":[{"at":1772449200000,"call":{"warn":50}}]}}},"breach":null},"resolution":{"metric":"resolution","cycle":1,"pin":{"rulebook":1,"policy":"standard","calendar":"always"},"allowance":86400000,"started_at":1772442000000,"spent":0,"phase":{"running":{"since":1772442000000,"schedule":{"due":1772528400000,"alarms":[{"at":1772528400000,"call":{"step":0}}]}}},"breach":null}}}');
CREATE TABLE ticket_tag (
    tag    TEXT NOT NULL,
    ticket INTEGER NOT NULL,
    PRIMARY KEY (tag, ticket)
) STRICT, WITHOUT ROWID;
INSERT INTO "ticket_tag" VALUES('vip',1);
CREATE TABLE wake (
    at_ms  INTEGER NOT NULL,
    ticket INTEGER NOT NULL,
    PRIMARY KEY (at_ms, ticket)
) STRICT, WITHOUT ROWID;
INSERT INTO "wake" VALUES(1772449200000,2);
INSERT INTO "wake" VALUES(1772457000001,1);
CREATE INDEX article_by_change ON article (last_seq);
CREATE INDEX listing_by_line ON listing (line, ifnull(due_ms, 9223372036854775807)) WHERE open = 1;
CREATE INDEX listing_by_assignee ON listing (assignee) WHERE open = 1;
CREATE INDEX listing_by_requester ON listing (requester);
CREATE INDEX listing_by_organization ON listing (organization) WHERE organization IS NOT NULL;
COMMIT;
