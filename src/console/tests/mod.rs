//! The console from outside: real TCP, a real store, a browser where there is one.

mod access;
mod browser;
mod client;
mod pages;
mod sample;
mod served;
