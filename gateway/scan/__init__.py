"""What would leave if a file, a folder or a database went abroad: no gateway, nothing sent."""
