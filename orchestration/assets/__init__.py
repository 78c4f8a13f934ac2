"""Assets: landing (sources), dbt (the warehouse's models), then one module a domain."""
