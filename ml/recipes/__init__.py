"""One recipe for each kind of target, shared by the product's models and the benchmarks."""
