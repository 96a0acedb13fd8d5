"""The declaration of voluntary return: who signed, how, and with which paper where one suffices."""
