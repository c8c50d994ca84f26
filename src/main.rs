//! The roundsman binary.
fn main() {}
