"""Rate cards read for people: which hold on a day, where they go, how old they are."""
