"""Everything a person has made, in one file that opens again as it was."""
