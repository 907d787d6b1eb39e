"""The Local Government Data Platform: statutory returns collected, checked, linked and served."""

__version__ = "0.1.0"
