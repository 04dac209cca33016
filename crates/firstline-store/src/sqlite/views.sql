-- For those who look with SQL tools of their own. Nothing in firstline reads these views.

CREATE VIEW ticket_overview AS
SELECT id AS number, json_extract(state, '$.subject') AS subject,
       status, line, team, assignee, requester, organization,
       CASE priority WHEN 0 THEN 'low' WHEN 1 THEN 'medium' WHEN 2 THEN 'high'
                     ELSE 'critical' END AS priority,
       datetime(nullif(due_ms, 9223372036854775807) / 1000, 'unixepoch') AS due,
       datetime(json_extract(state, '$.opened_at') / 1000, 'unixepoch') AS opened,
       datetime(json_extract(state, '$.resolved_at') / 1000, 'unixepoch') AS resolved
FROM ticket;

-- One row for each promise of each ticket, in its latest run.
CREATE VIEW promise AS
SELECT ticket.id AS ticket, clock.key AS metric,
       json_extract(clock.value, '$.cycle') AS cycle,
       json_extract(clock.value, '$.pin.policy') AS policy,
       CASE json_type(clock.value, '$.phase')
           WHEN 'object' THEN (SELECT key FROM json_each(clock.value, '$.phase'))
           ELSE json_extract(clock.value, '$.phase') END AS phase,
       json_extract(clock.value, '$.breach') AS breach
FROM ticket, json_each(ticket.state, '$.clocks') AS clock;

-- What happened to tickets, in order: when it was true, and when it was recorded.
CREATE VIEW timeline AS
SELECT number AS ticket, seq, version,
       datetime(json_extract(event, '$.ticket.at') / 1000, 'unixepoch') AS happened,
       datetime(at_ms / 1000, 'unixepoch') AS recorded,
       actor, actor_number, json_extract(event, '$.ticket.fact') AS fact
FROM record WHERE stream = 'ticket';

-- What the host has not done yet, and why not.
CREATE VIEW open_effect AS
SELECT outbox.seq AS record, outbox.ticket, attempts,
       CASE WHEN dead THEN 'dead' WHEN due_ms IS NULL THEN 'waiting' ELSE 'due' END AS standing,
       datetime(due_ms / 1000, 'unixepoch') AS due, reason,
       json_extract(event, '$.ticket.fact') AS fact
FROM outbox JOIN record ON record.seq = outbox.seq;
