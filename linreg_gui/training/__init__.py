"""Training without a screen: settings, engines, history, outcomes and references. No Qt."""
