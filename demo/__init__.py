"""An embedded AWX: answers as AWX 24.6.1 does, over real HTTP on loopback."""
