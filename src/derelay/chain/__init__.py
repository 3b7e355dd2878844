"""The ledger: connect to a chain, send transactions, read what came of them."""
