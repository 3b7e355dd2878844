"""Games that decide whether joining pays and honesty is the best reply, on the compiled contracts."""
