"""Whether what a store holds is what must hold."""
