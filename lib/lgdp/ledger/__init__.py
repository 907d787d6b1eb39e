"""The append-only story of every submission: events, states, what is current, who still owes."""
