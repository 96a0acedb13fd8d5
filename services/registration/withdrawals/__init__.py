"""Withdrawal: whoever says no is heard, whatever the status. After the doors have closed it is kept as a statement."""
