//! The names that every file of a program on retro needs.

// derive comes with its branch
