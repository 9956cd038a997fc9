//! Loaders: how many statements they send, and that they all load the same.
