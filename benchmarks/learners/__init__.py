"""Ways of learning from cases that many hold, compared at equal numbers of gradient steps."""
