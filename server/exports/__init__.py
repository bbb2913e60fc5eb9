"""What is handed to others: a release, or a part of it, in the formats that their tools read."""
