"""PURE: what every protocol's wire package shares: framer events and spooled octets."""
