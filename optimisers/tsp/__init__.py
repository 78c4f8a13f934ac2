"""Day tours without windows: the symmetric travelling-salesman problem, with a bound and often a proof."""
