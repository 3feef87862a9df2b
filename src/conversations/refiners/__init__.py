"""Put what the parsers found together, against what was known before."""
