"""Every transform beside other libraries: speed and error in one table."""
