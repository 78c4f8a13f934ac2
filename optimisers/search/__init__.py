"""What solvers share: timing, exact tours, routing, local search, bound, reasons. The checker uses none."""
