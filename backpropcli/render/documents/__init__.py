"""The JSON documents of reports, and the schemas of all documents."""
