"""Arrays for people: their elements where there are few, what they come to where there are many."""
