"""What people say of a reader's claims: judgements, their way to a newer reader, into files and back."""
