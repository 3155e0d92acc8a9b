"""Apps that are measured beside the dashboard: with an empty page, and written the plain way."""
