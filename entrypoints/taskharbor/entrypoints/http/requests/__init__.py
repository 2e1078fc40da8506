"""Reading requests: headers, parameters, bodies, and what is wrong with them."""
