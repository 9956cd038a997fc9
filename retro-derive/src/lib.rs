//! retro-derive
