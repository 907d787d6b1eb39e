"""Gold: supersets as pure functions from frames to frames, one file each, and their writer."""
