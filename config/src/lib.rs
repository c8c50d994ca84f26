//! Typed configuration composed of the stages' own, with diagnostics.
