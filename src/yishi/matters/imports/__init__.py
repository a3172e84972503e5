"""Messages and hotline tickets taken in from files, every row accounted for; and what goes back to the hotline."""
