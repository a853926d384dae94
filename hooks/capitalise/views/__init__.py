"""What each page shows, as plain data: templates only print it."""
