//! The small organisation of `roundsman demo`: its plot and its files.

pub mod files;
pub mod story;
