"""The proof of derivatives of numbers: our passes in many digits, held against referees."""
