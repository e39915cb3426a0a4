"""From decisions to edits, and the last look at what would leave."""
