"""From nothing to a ticket with a due date and a found article: python quickstart.py [FOLDER]"""

import sys

from firstline import Desk

RULES = """
name = "Northwind support"
lines = [{ id = "L1" }]
calendars.office = { time_zone = "Europe/Berlin", weekly = { mon-fri = ["09:00-17:00"] } }
policies = [{ name = "standard", calendar = "office", targets.first_reply.within = "4h" }]
"""

with Desk(sys.argv[1] if len(sys.argv) > 1 else None, RULES) as desk:
    desk.save_contact(1, "Ada")
    desk.publish("The printer does not print", "Turn it off and on again.")
    print("perhaps this helps:", desk.search("My printers are not printing!")[0].title)
    ticket = desk.open_ticket(1, "Printer", "My printers are not printing!")
    print(f"ticket {ticket.number} is due {ticket.due:%a %d %b %H:%M} UTC")
