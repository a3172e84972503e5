"""Rules of matters as data: whose decision it is, how large it is, which clocks run."""
