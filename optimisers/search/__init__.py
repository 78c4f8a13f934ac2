"""What the solvers share: timing, exact tours, routing search, local search, bound, reasons. The checker uses none of it."""
