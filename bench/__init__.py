"""Speed: each module prints a table, with a floor measured in the same run."""
