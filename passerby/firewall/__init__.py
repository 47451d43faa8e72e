"""The firewall: keeps who is banned and comes again and again from reaching this machine, for a minute at a time."""
