"""What a council gets back: the error report, the template to fill in, the receipt."""
