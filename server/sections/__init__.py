"""What the pages of single kinds of things show beyond the page of any resource: one module a kind."""
