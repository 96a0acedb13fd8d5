"""The story, played through the services over HTTP as front ends would call them. It imports no service."""
