"""What every floor may know: settings, business clock, vocabulary, errors."""
