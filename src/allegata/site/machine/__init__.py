"""The site for programs: records as JSON, a feed of what is new, and where all of it is."""
