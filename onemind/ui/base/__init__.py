"""What every page shares: the view, cached queries, widgets, who is here."""
