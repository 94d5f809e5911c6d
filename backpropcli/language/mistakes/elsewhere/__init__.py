"""What other languages and libraries have, and what is written for it here."""
