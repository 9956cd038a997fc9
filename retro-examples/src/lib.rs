//! retro-examples
