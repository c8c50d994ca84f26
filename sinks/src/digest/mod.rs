//! The weekly page for the security meeting.
//!
//! [`build()`] makes a [`Digest`] from a [`Meeting`]; it reads no clock and no store, so the same input gives the same
//! bytes, from the store or from a replay. The JSON form is the master ([`Digest`] serialised); the other forms are
//! [`text`], [`html`], [`markdown`], and [`csv`], the annex of cases. They show the same [`page::Page`].

mod ahead;
mod book;
pub mod build;
pub mod csv;
mod findings;
pub mod html;
pub mod markdown;
mod meeting;
pub mod model;
mod numbers;
pub mod page;
mod patching;
pub mod period;
pub mod text;

pub use build::build;
pub use meeting::{AssetNote, Meeting};
pub use model::{Colour, Digest, Row, Section};
pub use period::{Period, PeriodError};
