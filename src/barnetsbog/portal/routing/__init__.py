"""Which door? The public pages made from the routing rules: nobody signs in, nothing is kept, nothing is logged,
because nothing in them says who anybody is."""
