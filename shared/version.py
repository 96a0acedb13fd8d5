"""The version of this code, for who looks at what runs. pyproject.toml says the same, which a test holds."""

VERSION = "0.1.0"
