-- For those who look with SQL tools of their own. Nothing in firstline reads these views.

CREATE VIEW ticket_overview AS
SELECT listing.ticket AS number,
       json_extract(ticket.state, '$.subject') AS subject,
       listing.status, listing.line, listing.team, listing.assignee, listing.requester,
       listing.organization,
       CASE listing.priority WHEN 0 THEN 'low' WHEN 1 THEN 'medium' WHEN 2 THEN 'high'
                             ELSE 'critical' END AS priority,
       datetime(listing.due_ms / 1000, 'unixepoch') AS due,
       datetime(json_extract(ticket.state, '$.opened_at') / 1000, 'unixepoch') AS opened,
       datetime(json_extract(ticket.state, '$.resolved_at') / 1000, 'unixepoch') AS resolved
FROM listing JOIN ticket ON ticket.id = listing.ticket;

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
