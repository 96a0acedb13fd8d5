"""Consent to the use of data: for one purpose and recipient, in one version and language, and taken back by itself.
It is apart from the declaration of return. An adult consents alone, for a child who is responsible for it, and rarely a
proxy."""
